import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { INSPECTOR_PORT, stackOfBusyProcess } from '../../../src/replay/pool/busy-stack';
import { scratchDirectory } from '../../helpers/replay-cli';

/** Longer than the time limit of a test: an answer that comes only after the deadline fails. */
const DEADLINE_MS = 600_000;

let child: ChildProcess;
afterEach(() => void child.kill('SIGKILL'));

/** A process that says when it starts, and then runs this code. */
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

describe('the stack of a process that does not answer', () => {
  it('has the calls that led to the loop, innermost first, with lines and columns from 0', async () => {
    const file = await processThatRuns(
      '  (function outer() {\n    (function inner() { for (;;); })();\n  })();',
    );

    const frames = await stackOfBusyProcess(child, { isTelling: () => true, deadlineMs: DEADLINE_MS });

    expect(frames.slice(0, 2)).toEqual([
      { file, line: 3, column: expect.any(Number), function: 'inner' },
      { file, line: 3, column: expect.any(Number), function: 'outer' },
    ]);
  });

  it('is that of a later moment where the first ones do not tell', async () => {
    await processThatRuns('  function tell() { for (let n = 0; n < 1e6; n++); }\n  for (;;) tell();');
    let asked = 0;
    const isTelling = (): boolean => ++asked === 5;

    const frames = await stackOfBusyProcess(child, { isTelling, deadlineMs: DEADLINE_MS });

    expect(asked).toBe(5);
    expect(frames.length).toBeGreaterThan(0);
  });

  it('is empty where the process waits, after the deadline', async () => {
    await processThatRuns('');

    const asking = stackOfBusyProcess(child, { isTelling: () => true, deadlineMs: 500 });

    expect(await Promise.race([asking, sleep(100, 'still asking')])).toBe('still asking');
    expect(await asking).toEqual([]);
  });

  it('is empty where the process ends instead, at once', async () => {
    await processThatRuns('');
    setTimeout(() => child.kill('SIGKILL'), 100);

    expect(await stackOfBusyProcess(child, { isTelling: () => true, deadlineMs: DEADLINE_MS })).toEqual([]);
  });

  it('is empty for a process that has ended', async () => {
    await processThatRuns('process.exit(0);');
    if (child.exitCode === null) await once(child, 'exit');

    expect(await stackOfBusyProcess(child, { isTelling: () => true, deadlineMs: DEADLINE_MS })).toEqual([]);
  });
});
