import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type InspectorChannel, openInspector } from './inspector-channel';

/** A call on the stack of a process that does not answer. `line` and `column` count from 0, as in V8. */
export interface RawFrame {
  /** Path of the script, or its name if it has no path. */
  file: string;
  line: number;
  column: number;
  function: string;
}

/** Node option that makes the inspector, once it is opened, listen on any free port of the loopback interface. */
export const INSPECTOR_PORT = '--inspect-port=127.0.0.1:0';

/** Factor by which the deadline is longer while the inspector starts, and once the process was found running. */
const LONG_DEADLINE_FACTOR = 5;

const LISTENING = /Debugger listening on (ws:\/\/\S+)\n/;

/**
 * Returns the stack of the main thread of a process that is too busy to answer, innermost call first. SIGUSR1 makes Node
 * open its inspector from another thread, and the inspector interrupts the loop. This costs a process nothing before the
 * signal. A loop that awaits is often interrupted in Node's own code between two steps, so the process is interrupted
 * again until `isUseful` accepts the stack. The process is left paused, and the caller has to kill it.
 *
 * Returns an empty stack if there is no answer before the deadline, which is so for a process that waits, and on Windows,
 * which has no such signal.
 */
export function stackOfBusyProcess(
  child: ChildProcess,
  { isUseful, deadlineMs }: { isUseful(frames: readonly RawFrame[]): boolean; deadlineMs: number },
): Promise<RawFrame[]> {
  const hasEnded = child.exitCode !== null || child.signalCode !== null;
  if (process.platform === 'win32' || hasEnded) return Promise.resolve([]);
  return new Promise((resolve) => {
    const scripts = new Map<string, string>();
    let channel: InspectorChannel | null = null;
    const finish = (frames: RawFrame[]): void => {
      clearTimeout(deadline);
      child.off('exit', giveUp);
      child.stderr!.off('data', readStderr);
      channel?.close();
      resolve(frames);
    };
    const giveUp = (): void => finish([]);
    // On a machine under load, the inspector takes long to start, and a process that runs takes long to be interrupted.
    let deadline = setTimeout(giveUp, deadlineMs * LONG_DEADLINE_FACTOR);
    const setDeadline = (ms: number): void => {
      clearTimeout(deadline);
      deadline = setTimeout(giveUp, ms);
    };
    let isRunning = false;
    let stderr = '';
    const readStderr = (text: string): void => {
      stderr += text;
      const url = LISTENING.exec(stderr)?.[1];
      if (!url) return;
      child.stderr!.off('data', readStderr);
      openInspector(url, {
        open: (opened) => {
          setDeadline(deadlineMs);
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
            if (isUseful(frames)) return finish(frames);
            if (!isRunning) setDeadline(deadlineMs * LONG_DEADLINE_FACTOR);
            isRunning = true;
            channel?.send('Debugger.resume');
          } else if (method === 'Debugger.resumed') channel?.send('Debugger.pause');
        },
        error: giveUp,
      });
    };
    child.once('exit', giveUp);
    child.stderr!.on('data', readStderr);
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
