import { openSharedSession } from '../test-runner/shared-session';

export default openSharedSession;
