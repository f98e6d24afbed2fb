import { request } from 'node:http';
import type { Socket } from 'node:net';

/** What V8's inspector says: the answer to a request, or an event. */
export interface InspectorMessage {
  method?: string;
  params?: unknown;
}

export interface InspectorChannel {
  send(method: string): void;
  close(): void;
}

/**
 * A connection to the inspector of a Node process by its `ws:` URL. The few frames of WebSocket that this takes are
 * written out here: Node 20 has no client.
 */
export function openInspector(
  url: string,
  on: { open(channel: InspectorChannel): void; message(message: InspectorMessage): void; error(): void },
): void {
  const handshake = request(url.replace(/^ws:/, 'http:'), {
    agent: false,
    headers: {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
    },
  });
  handshake.on('error', on.error);
  handshake.on('response', on.error);
  handshake.on('upgrade', (_, socket: Socket, head: Buffer) => {
    socket.on('error', on.error);
    let id = 0;
    const read = textFrames((text) => on.message(JSON.parse(text) as InspectorMessage));
    socket.on('data', read);
    on.open({
      send: (method) => void socket.write(textFrame(JSON.stringify({ id: ++id, method }))),
      close: () => socket.destroy(),
    });
    read(head);
  });
  handshake.end();
}

const FINAL_TEXT = 0x81;
const MASKED = 0x80;
const LONGEST_SHORT = 125;

/** A client has to mask; a mask of zeros leaves the text as it is. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > LONGEST_SHORT) throw new Error('longer than a short frame of WebSocket');
  return Buffer.concat([Buffer.from([FINAL_TEXT, MASKED | payload.length, 0, 0, 0, 0]), payload]);
}

/** Takes bytes as they come and gives the texts of the frames in them. */
function textFrames(onText: (text: string) => void): (bytes: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  return (bytes) => {
    chunks.push(bytes);
    size += bytes.length;
    for (;;) {
      const frame = frameSize(chunks);
      if (!frame || size < frame.end) return;
      const all = Buffer.concat(chunks);
      chunks = [all.subarray(frame.end)];
      size -= frame.end;
      if (all[0] === FINAL_TEXT) onText(all.toString('utf8', frame.start, frame.end));
    }
  };
}

/** Where the payload of the first frame starts and ends; null while its header is not there. */
function frameSize(chunks: Buffer[]): { start: number; end: number } | null {
  const header = chunks[0]!.length >= 10 ? chunks[0]! : Buffer.concat(chunks);
  if (header.length < 2) return null;
  const length = header[1]!;
  if (length <= LONGEST_SHORT) return { start: 2, end: 2 + length };
  const start = length === 126 ? 4 : 10;
  if (header.length < start) return null;
  const payload = length === 126 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
  return { start, end: start + payload };
}
