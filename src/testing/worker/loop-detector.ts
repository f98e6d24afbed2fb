import { join } from 'node:path';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { bundleSourceMaps } from '../../sdk/bundle-source-maps';
import type { LoopPlaces } from '../../sdk/sandbox-timeouts';

/** A call in the bundle; lines and columns count from 0, as in V8's inspector. */
export interface PausedFrame {
  function: string;
  file: string;
  line: number;
  column: number;
}

/** The `workerData` of the detector's thread. */
export interface LoopDetectorData {
  /** A single number: the current turn of workflow code; 0 if none runs. */
  turn: Int32Array;
  port: MessagePort;
}

/**
 * Finds the location of a loop without an await in workflow code. The sandbox ends such a loop with an error whose stack lacks
 * it. Workflow code occupies this process's main thread, so a second thread samples it with the inspector.
 */
export class LoopDetector implements LoopPlaces {
  private readonly turn = new Int32Array(new SharedArrayBuffer(4));
  private turns = 0;

  private constructor(private readonly port: MessagePort) {}

  static start(): LoopDetector {
    const { port1, port2 } = new MessageChannel();
    const detector = new LoopDetector(port1);
    const workerData: LoopDetectorData = { turn: detector.turn, port: port2 };
    const thread = new Worker(join(__dirname, 'loop-detector-thread.js'), {
      ...{ workerData, transferList: [port2], execArgv: [] },
    });
    // Without the thread, the error of a loop has no location.
    thread.on('error', () => undefined);
    thread.unref();
    return detector;
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
