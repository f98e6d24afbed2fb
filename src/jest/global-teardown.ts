import { closeSharedSession } from '../test-runner/shared-session';

export default closeSharedSession;
