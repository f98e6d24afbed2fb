/** The thread of `signals.ts`. It hears signals while the main thread is busy, such as with webpack, and then ends the process itself. */
import { constants } from 'node:os';
import { parentPort } from 'node:worker_threads';
import type { FromThread, SignalName, ToThread } from './signals';

interface SignalWrap {
  onsignal: () => void;
  start(number: number): number;
  stop(): void;
}

/** Time without an answer of the main thread after which it counts as busy for good. */
const SILENCE_MS = 1_700;
const ASK_EVERY_MS = 100;
/** Time that a main thread that answers has until its end. Most supervisors kill a process after ten seconds. */
const GRACE_MS = 9_000;
/** Time after which the process is killed if modules of the user listen for the signal too, so that it does not end it. */
const KILL_AFTER_MS = 250;

// Node gives signals to the main thread alone; its internals give them to each. They warn of their use.
process.emitWarning = () => undefined;
const { internalBinding } = require('internal/test/binding') as {
  internalBinding(name: 'signal_wrap'): { Signal: new () => SignalWrap };
};
const { Signal } = internalBinding('signal_wrap');

const wraps: SignalWrap[] = [];
const send = (message: FromThread): void => parentPort!.postMessage(message);
let heardAt = 0;
let graceMs: number | null = GRACE_MS;
let silenceMs: number | null = SILENCE_MS;
let isEnding = false;

for (const name of ['SIGINT', 'SIGTERM'] as const) {
  const wrap = new Signal();
  wrap.onsignal = () => {
    send({ type: 'signal', name });
    if (!isEnding) watchTheEnd(name);
  };
  wrap.start(constants.signals[name]);
  wraps.push(wrap);
}

parentPort!.on('message', ({ type }: ToThread) => {
  heardAt = performance.now();
  if (type === 'takes-any-time') graceMs = null;
  if (type === 'shows-results') silenceMs = null;
});
send({ type: 'ready' });

function watchTheEnd(name: SignalName): void {
  isEnding = true;
  const beganAt = performance.now();
  heardAt = beganAt;
  setInterval(() => {
    send({ type: 'are-you-there' });
    const now = performance.now();
    const isSilent = silenceMs !== null && now - heardAt > silenceMs;
    const isOverdue = graceMs !== null && now - beganAt > graceMs;
    if (isSilent || isOverdue) end(name);
  }, ASK_EVERY_MS);
}

/** Ends the process by the signal, as if nothing listened for it: a shell sees the same exit code. */
function end(name: SignalName): void {
  for (const wrap of wraps) wrap.stop();
  process.kill(process.pid, name);
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), KILL_AFTER_MS);
}
