import { request } from 'node:http';
import type { Socket } from 'node:net';

/** A message of V8's inspector: the answer to a request, or an event. */
export interface InspectorMessage {
  method?: string;
  params?: unknown;
}

export interface InspectorChannel {
  send(method: string): void;
  close(): void;
}

/**
 * Connects to the inspector of a Node process by its `ws:` URL. The few WebSocket frames that this needs are implemented
 * here, since Node 20 has no WebSocket client.
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
const MAX_SHORT_PAYLOAD = 125;

/** Returns a WebSocket frame with a text. A client has to mask its frames; a mask of zeros leaves the text as it is. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  if (payload.length > MAX_SHORT_PAYLOAD)
    throw new Error('The text is too long for a short WebSocket frame.');
  return Buffer.concat([Buffer.from([FINAL_TEXT, MASKED | payload.length, 0, 0, 0, 0]), payload]);
}

/** Returns a function that takes bytes as they arrive, and calls `onText` with the text of each complete frame. */
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

/** Returns where the payload of the first frame starts and ends; null while its header is incomplete. */
function frameSize(chunks: Buffer[]): { start: number; end: number } | null {
  const header = chunks[0]!.length >= 10 ? chunks[0]! : Buffer.concat(chunks);
  if (header.length < 2) return null;
  const length = header[1]!;
  if (length <= MAX_SHORT_PAYLOAD) return { start: 2, end: 2 + length };
  const start = length === 126 ? 4 : 10;
  if (header.length < start) return null;
  const payload = length === 126 ? header.readUInt16BE(2) : Number(header.readBigUInt64BE(2));
  return { start, end: start + payload };
}
