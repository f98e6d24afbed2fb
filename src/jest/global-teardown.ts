import { closeTestRunSession } from '../testing/session/test-run-session';

export default closeTestRunSession;
