/** The thread of {@link LoopDetector}: pauses the main thread when a turn of workflow code takes long, and sends its stack. */
import { type Debugger, Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { workerData } from 'node:worker_threads';
import type { LoopDetectorData, PausedFrame } from './loop-detector';

const LOOK_EVERY_MS = 250;
/** The sandbox gives a turn 3 s. On a busy machine a pause can come late, so there are two, and the later one counts. */
const LOOKS_BEFORE_PAUSES = [4, 8];
/** Time limit for a pause: if the turn has ended, the main thread pauses at its next step, or never. */
const PAUSES_WITHIN_MS = 1_500;

const { turn, port } = workerData as LoopDetectorData;
let seen = 0;
let looks = 0;

setInterval(() => {
  const now = Atomics.load(turn, 0);
  looks = now !== 0 && now === seen ? looks + 1 : 0;
  seen = now;
  if (LOOKS_BEFORE_PAUSES.includes(looks)) lookInto(now);
}, LOOK_EVERY_MS);

function lookInto(watched: number): void {
  const session = new Session();
  const files = new Map<string, string>();
  session.connectToMainThread();
  const end = setTimeout(() => session.disconnect(), PAUSES_WITHIN_MS);
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, fileOf(params.url)));
  session.once('Debugger.paused', ({ params }) => {
    clearTimeout(end);
    if (Atomics.load(turn, 0) === watched)
      port.postMessage(params.callFrames.map((frame) => pausedFrame(frame, files)));
    session.post('Debugger.resume', () => session.disconnect());
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}

const pausedFrame = (
  { functionName, location }: Debugger.CallFrame,
  files: ReadonlyMap<string, string>,
): PausedFrame => ({
  function: functionName,
  file: files.get(location.scriptId) ?? '',
  line: location.lineNumber,
  column: location.columnNumber ?? 0,
});

/** The inspector reports paths as URLs. */
const fileOf = (url: string): string => (url.startsWith('file://') ? fileURLToPath(url) : url);
