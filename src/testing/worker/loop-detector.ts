import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { bundleSourceMaps } from '../../sdk/bundle-source-maps';
import type { LoopPlaces } from '../../sdk/sandbox-timeouts';

/** A call in the bundle, as V8's inspector counts: from 0. */
export interface PausedFrame {
  function: string;
  file: string;
  line: number;
  column: number;
}

/** What the thread is given. */
export interface LoopDetectorData {
  /** One number: which turn of workflow code runs; 0 for none. */
  turn: Int32Array;
  port: MessagePort;
}

/**
 * Finds where workflow code loops without an await: the sandbox ends such a loop with an error whose stack does not know.
 * Workflow code has this process's main thread, so a second one looks at it, by the inspector.
 */
export class LoopDetector implements LoopPlaces {
  private readonly turn = new Int32Array(new SharedArrayBuffer(4));
  private turns = 0;

  private constructor(private readonly port: MessagePort) {}

  static start(): LoopDetector {
    const { port1, port2 } = new MessageChannel();
    const watch = new LoopDetector(port1);
    const workerData: LoopDetectorData = { turn: watch.turn, port: port2 };
    const thread = new Worker(join(__dirname, 'loop-detector-thread.js'), {
      ...{ workerData, transferList: [port2], execArgv: [] },
    });
    // Without it a loop has no place; all else works.
    thread.on('error', () => undefined);
    thread.unref();
    return watch;
  }

  entered(): void {
    this.turns = (this.turns % 0x7fff_ffff) + 1;
    Atomics.store(this.turn, 0, this.turns);
  }

  left(): void {
    Atomics.store(this.turn, 0, 0);
  }

  takeStack(): string {
    let frames: PausedFrame[] = [];
    for (let message = receiveMessageOnPort(this.port); message; message = receiveMessageOnPort(this.port))
      frames = message.message as PausedFrame[];
    return frames.flatMap(stackLine).join('\n');
  }
}

function stackLine({ function: name, file, line, column }: PausedFrame): string[] {
  const original = bundleSourceMaps()
    ?.get(file)
    ?.originalPositionFor({ line: line + 1, column });
  if (!original || original.source === null || original.line === null) return [];
  const place = `${original.source}:${original.line}:${(original.column ?? 0) + 1}`;
  return [name ? `    at ${name} (${place})` : `    at ${place}`];
}
