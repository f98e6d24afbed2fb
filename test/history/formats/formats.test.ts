import { gzipSync } from 'node:zlib';
import { HISTORY_EXTENSIONS, readHistories } from '../../../src/history/formats/formats';
import type { FoundHistory } from '../../../src/history/formats/history-format';

const JSON_HISTORY = '{"events":[{"eventId":"1","eventType":"EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"}]}';
const LIMITS = { maxBytes: 1_000_000 };

describe('readHistories', () => {
  it('reads JSON text', () => {
    expect(eventsIn(Buffer.from(JSON_HISTORY))).toBe(1);
  });

  it('reads protobuf', () => {
    expect(eventsIn(Buffer.from([0x0a, 0x02, 0x08, 0x01]))).toBe(1);
  });

  it('reads another format within gzip', () => {
    expect(eventsIn(gzipSync(JSON_HISTORY))).toBe(1);
    expect(eventsIn(gzipSync(Buffer.from([0x0a, 0x02, 0x08, 0x01])))).toBe(1);
  });

  it('refuses an empty file and empty gzip data alike', () => {
    const emptyFile = expect.objectContaining({ code: 'EMPTY_FILE' }) as unknown;

    expect(() => eventsIn(new Uint8Array())).toThrow(emptyFile as Error);
    expect(() => eventsIn(gzipSync(''))).toThrow(emptyFile as Error);
  });
});

describe('HISTORY_EXTENSIONS', () => {
  it('names each extension once, without a dot', () => {
    expect(new Set(HISTORY_EXTENSIONS).size).toBe(HISTORY_EXTENSIONS.length);
    expect(HISTORY_EXTENSIONS.filter((extension) => extension.includes('.'))).toEqual([]);
  });
});

function eventsIn(bytes: Uint8Array): number {
  const [found] = [...readHistories(bytes, LIMITS)] as [FoundHistory];
  return 'events' in found ? found.events.length : 0;
}
