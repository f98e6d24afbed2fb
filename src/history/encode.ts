import { historyType } from '../sdk/message-types';
import type { History } from '../temporal/event';
import { writeMessage } from './proto-json/write-message';

/**
 * Returns a history as the text that `temporal workflow show --output json` prints, byte for byte: any Temporal tool reads it,
 * and fetching the same run again gives the same bytes.
 */
export const encodeHistory = (history: History): string =>
  `${JSON.stringify(writeMessage(historyType, history), null, 2)}\n`;
