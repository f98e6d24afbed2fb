import { historyToProtoJson } from './proto-json/protojson';
import type { History } from './proto-json/protojson';

/**
 * A history as the text that `temporal workflow show --output json` prints, byte for byte: any Temporal tool reads it, and
 * a re-fetch of the same run gives the same bytes.
 */
export function encodeHistory(history: History): string {
  return `${JSON.stringify(historyToProtoJson(history), null, 2)}\n`;
}
