/**
 * Entry point of a process that runs commands of the built CLI one after the other, for the tests of one file: loading webpack and the
 * SDK takes longer than most commands. Its parent sends `{ id, args, cwd, env }` and gets `{ id, code, stdout, stderr }`.
 */
const { join } = require('node:path');

const ENV = { ...process.env };
let output = { stdout: '', stderr: '' };

// The screen of the CLI takes hold of the streams once, for all commands.
for (const name of ['stdout', 'stderr'])
  process[name].write = (text, encoding, done = encoding) => {
    output[name] += text;
    if (typeof done === 'function') process.nextTick(done);
    return true;
  };

const { runCommandLine } = require(join(__dirname, '../../lib/cli/command-line.js'));

async function run({ id, args, cwd, env }) {
  output = { stdout: '', stderr: '' };
  for (const name of Object.keys(process.env)) if (!(name in ENV)) delete process.env[name];
  Object.assign(process.env, ENV, env);
  process.chdir(cwd);
  process.exitCode = undefined;
  await runCommandLine(args);
  process.send({ id, code: Number(process.exitCode ?? 0), ...output });
}

let last = Promise.resolve();
process.on('message', (command) => {
  last = last.then(() => run(command));
});
process.on('disconnect', () => process.exit());
