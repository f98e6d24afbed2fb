import { closeSharedSession } from '../testing/framework/shared-session';

export default closeSharedSession;
