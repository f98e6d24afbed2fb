import { toHaveActivity } from './to-have-activity';
import { toHavePatch } from './to-have-patch';
import { toHaveTimer } from './to-have-timer';
import { toReplay, toReplayWith } from './to-replay';

export const matchers = { toReplay, toReplayWith, toHaveActivity, toHaveTimer, toHavePatch };
