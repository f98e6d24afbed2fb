import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { soon } from '../helpers/soon';

const LIB = JSON.stringify(join(__dirname, '../../lib/util/end-with-parent'));

/** Starts a process of its own group with a child, and then loops. */
const LOOPING = `
const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
require(${LIB}).endWithParent(Number(process.argv[1]), { graceMs: 100, group: true });
process.send([process.pid, child.pid], () => { for (;;); });
`;
const PARENT = `
const { spawn } = require('node:child_process');
const stdio = ['ignore', 'ignore', 'ignore', 'ipc'];
spawn(process.execPath, ['-e', process.argv[1], String(process.pid)], { stdio, detached: true })
  .on('message', (pids) => console.log(JSON.stringify(pids)));
`;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('a process in a loop ends with its process group when its parent is killed', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT, LOOPING], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(parent.stdout.setEncoding('utf8'), 'data')) as [string];
  const pids = JSON.parse(line) as number[];

  parent.kill('SIGKILL');

  expect(pids).toHaveLength(2);
  await soon(() => expect(pids.filter(isRunning)).toEqual([]));
});
