import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type InspectorChannel, openInspector } from './inspector-channel';

/** A call on the stack of a process that does not answer; `line` and `column` count from 0, as V8 has them. */
export interface RawFrame {
  /** The path of the script, or the name that it goes by. */
  file: string;
  line: number;
  column: number;
  function: string;
}

/** So that a process that is asked takes any free port, of this machine's loopback only. */
export const INSPECTOR_PORT = '--inspect-port=127.0.0.1:0';

/** How many times as long a process is asked that did not wait when it was first interrupted. */
const WHERE_BUSY = 5;

const LISTENING = /Debugger listening on (ws:\/\/\S+)\n/;

/**
 * Where the main thread of a process is that is too busy to answer, innermost call first: SIGUSR1 makes Node open its
 * inspector from another thread, and the inspector interrupts the loop. A process pays nothing for it before it is
 * asked. A loop that awaits is often interrupted in what Node does between two steps: it is asked again until the stack
 * `isTelling`. The process is left paused: it has to be killed. Empty where there is no answer in time, as of a process
 * that waits, and on Windows, which has no such signal.
 */
export function stackOfBusyProcess(
  child: ChildProcess,
  { isTelling, deadlineMs }: { isTelling(frames: readonly RawFrame[]): boolean; deadlineMs: number },
): Promise<RawFrame[]> {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (process.platform === 'win32' || hasEnded) return Promise.resolve([]);
  return new Promise((resolve) => {
    const scripts = new Map<string, string>();
    let channel: InspectorChannel | null = null;
    const finish = (frames: RawFrame[]): void => {
      clearTimeout(deadline);
      child.off('exit', giveUp);
      child.stderr!.off('data', hear);
      channel?.close();
      resolve(frames);
    };
    const giveUp = (): void => finish([]);
    let deadline = setTimeout(giveUp, deadlineMs);
    let isSeenBusy = false;
    const seenBusy = (): void => {
      if (isSeenBusy) return;
      isSeenBusy = true;
      clearTimeout(deadline);
      deadline = setTimeout(giveUp, deadlineMs * WHERE_BUSY);
    };
    let heard = '';
    const hear = (text: string): void => {
      heard += text;
      const url = LISTENING.exec(heard)?.[1];
      if (!url) return;
      child.stderr!.off('data', hear);
      openInspector(url, {
        open: (opened) => {
          channel = opened;
          opened.send('Debugger.enable');
          opened.send('Debugger.pause');
        },
        message: ({ method, params }) => {
          if (method === 'Debugger.scriptParsed') {
            const { scriptId, url: file } = params as { scriptId: string; url: string };
            scripts.set(scriptId, file);
          } else if (method === 'Debugger.paused') {
            const frames = framesOf(params as Paused, scripts);
            if (isTelling(frames)) return finish(frames);
            seenBusy();
            channel?.send('Debugger.resume');
          } else if (method === 'Debugger.resumed') channel?.send('Debugger.pause');
        },
        error: giveUp,
      });
    };
    child.once('exit', giveUp);
    child.stderr!.on('data', hear);
    child.kill('SIGUSR1');
  });
}

interface Paused {
  callFrames: {
    functionName: string;
    location: { scriptId: string; lineNumber: number; columnNumber?: number };
  }[];
}

const framesOf = ({ callFrames }: Paused, scripts: ReadonlyMap<string, string>): RawFrame[] =>
  callFrames.map(({ functionName, location }) => ({
    file: pathOf(scripts.get(location.scriptId) ?? ''),
    line: location.lineNumber,
    column: location.columnNumber ?? 0,
    function: functionName,
  }));

const pathOf = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url);
