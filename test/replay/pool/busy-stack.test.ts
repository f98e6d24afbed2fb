import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { INSPECTOR_PORT, type RawFrame, stackOfBusyProcess } from '../../../src/replay/pool/busy-stack';
import { scratchDirectory } from '../../helpers/replay-cli';

/** Deadline above the time limit of a test, so that a test fails if the answer comes only after the deadline. */
const DEADLINE_MS = 600_000;

let child: ChildProcess;
afterEach(() => void child.kill('SIGKILL'));

/** Starts a process that runs this code, and waits until the code is about to run. Returns the path of its script. */
async function processThatRuns(code: string): Promise<string> {
  const file = join(scratchDirectory(), 'child.cjs');
  writeFileSync(
    file,
    `process.on('message', () => undefined);\nprocess.send('started', () => {\n${code}\n});\n`,
  );
  child = fork(file, [], { execArgv: [INSPECTOR_PORT], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  child.stderr!.setEncoding('utf8');
  await once(child, 'message');
  return file;
}

/** Returns a check for a stack within a script. A process that has just started may still be in Node's own code. */
const isIn =
  (script: string) =>
  (frames: readonly RawFrame[]): boolean =>
    frames.some(({ file }) => file === script);

describe('stackOfBusyProcess', () => {
  it('returns the calls that led to the loop, innermost first, with lines and columns from 0', async () => {
    const file = await processThatRuns(
      '  (function outer() {\n    (function inner() { for (;;); })();\n  })();',
    );

    const frames = await stackOfBusyProcess(child, { isUseful: isIn(file), deadlineMs: DEADLINE_MS });

    expect(frames.slice(0, 2)).toEqual([
      { file, line: 3, column: expect.any(Number), function: 'inner' },
      { file, line: 3, column: expect.any(Number), function: 'outer' },
    ]);
  });

  it('interrupts the process again until the stack is useful', async () => {
    await processThatRuns('  function count() { for (let n = 0; n < 1e6; n++); }\n  for (;;) count();');
    let calls = 0;
    const isUseful = (): boolean => ++calls === 5;

    const frames = await stackOfBusyProcess(child, { isUseful, deadlineMs: DEADLINE_MS });

    expect(calls).toBe(5);
    expect(frames.length).toBeGreaterThan(0);
  });

  it('returns an empty stack after the deadline if the process waits', async () => {
    const isUseful = isIn(await processThatRuns(''));

    const asking = stackOfBusyProcess(child, { isUseful, deadlineMs: 500 });

    expect(await Promise.race([asking, sleep(100, 'still asking')])).toBe('still asking');
    expect(await asking).toEqual([]);
  });

  it('returns an empty stack at once if the process ends instead', async () => {
    const isUseful = isIn(await processThatRuns(''));
    const killed = child;
    setTimeout(() => killed.kill('SIGKILL'), 100);

    expect(await stackOfBusyProcess(child, { isUseful, deadlineMs: DEADLINE_MS })).toEqual([]);
  });

  it('returns an empty stack for a process that has ended', async () => {
    await processThatRuns('process.exit(0);');
    if (child.exitCode === null) await once(child, 'exit');

    expect(await stackOfBusyProcess(child, { isUseful: () => true, deadlineMs: DEADLINE_MS })).toEqual([]);
  });
});
