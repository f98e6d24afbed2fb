import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../helpers/cli';
import { writeService } from '../helpers/test-service';

/** Writes a package whose tests print how they were called, and end with a code of their own. */
function service(files: Record<string, string> = {}): string {
  return writeService({
    'package.json': JSON.stringify({ name: 'orders', scripts: { test: 'node tests.js' } }),
    'tests.js': `console.log(JSON.stringify({ args: process.argv.slice(2), mode: process.env.UPDATE_HISTORIES ?? null }));
process.exit(Number(process.env.EXIT ?? 0));
`,
    ...files,
  });
}

const calledWith = (stdout: string): unknown => JSON.parse(stdout.trim().split('\n').at(-1)!);

describe('replay test', () => {
  it('runs the test script of the package', async () => {
    const { stdout, code } = await runCli(['test'], { cwd: service() });

    expect(calledWith(stdout)).toEqual({ args: [], mode: null });
    expect(code).toBe(0);
  });

  it.each(['--updateHistories', '--update-histories'])('records histories anew with %s', async (flag) => {
    const { stdout } = await runCli(['test', flag], { cwd: service() });

    expect(calledWith(stdout)).toEqual({ args: [], mode: '1' });
  });

  it('passes all other arguments to the test runner unchanged', async () => {
    const args = ['test', '--updateHistories', 'orders', '--', '-t', 'it\'s $HOME, "quoted"'];

    const { stdout } = await runCli(args, { cwd: service() });

    expect(calledWith(stdout)).toEqual({ args: ['orders', '-t', 'it\'s $HOME, "quoted"'], mode: '1' });
  });

  it('exits with the code of the tests', async () => {
    const { code } = await runCli(['test'], { cwd: service(), env: { EXIT: '3' } });

    expect(code).toBe(3);
  });

  it('finds the package from a folder inside it', async () => {
    const cwd = join(service(), 'src/orders');
    mkdirSync(cwd, { recursive: true });

    expect((await runCli(['test'], { cwd })).code).toBe(0);
  });

  it('reports a missing test script', async () => {
    const cwd = writeService({ 'package.json': '{ "name": "orders" }' });

    const { stderr, code } = await runCli(['test'], { cwd });

    expect(code).toBe(2);
    expect(stderr).toContain(`There are no tests to run: no test script in ${join(cwd, 'package.json')}`);
  });
});
