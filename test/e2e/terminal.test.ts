import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { useDevServer } from '../helpers/dev-server';
import { ROOT, scratchDirectory } from '../helpers/replay-cli';
import { soon } from '../helpers/soon';
import { Terminal, hasTerminal, onTerminal } from '../helpers/terminal';

const SMALL = join(ROOT, 'test/services/small');
const CODE = ['--workflows-path', join(SMALL, 'workflows.ts')];
const RUN = ['run', join(SMALL, 'histories'), ...CODE, '--no-reuse-results'];
// eslint-disable-next-line no-control-regex
const COLOR = /\u001b\[\d*m/;

const onTerminals = hasTerminal ? describe : describe.skip;

onTerminals('replay run on a terminal', () => {
  it.each([40, 20, 120])('draws its live line in one row of %i columns and cleans it up', async (columns) => {
    const run = await onTerminal(RUN, { columns });

    const terminal = Terminal.showing(run, columns);
    const lines = terminal.drawn.filter((row) => row.includes('/7 hist'));
    expect(run.code).toBe(0);
    expect(lines.length).toBeGreaterThan(0);
    lines.forEach((row) => expect(row.length).toBeLessThanOrEqual(columns));
    expect(terminal.text).not.toContain('/7 hist');
    expect(terminal.text.replaceAll('\n', ' ')).toMatch(
      /^workflow type .* 7 histories: 7 compatible \(273 events in [\d.]+ s\) $/,
    );
  });

  it('says what it does before the first result', async () => {
    const run = await onTerminal(RUN, { columns: 60 });

    const { drawn, text } = Terminal.showing(run, 60);
    expect(drawn.find((row) => row !== '')).toBe('bundling the workflow code …');
    expect(text).not.toContain('bundling');
  });

  it('writes an error in the place of its live line', async () => {
    const run = await onTerminal(['run', 'no-such-folder', ...CODE], { columns: 60 });

    const { text } = Terminal.showing(run, 60);
    expect(text).toMatch(/^replay: there is no file or directory no-such-folder/);
    expect(text.split('\n').filter((line) => line.length > 60)).toEqual([]);
  });

  it('redraws its live line as histories are done', async () => {
    // The line is drawn at most ten times a second, and seven small histories may take less than that.
    const directory = scratchDirectory();
    for (let i = 0; i < 20; i++)
      cpSync(join(SMALL, 'histories'), join(directory, String(i)), { recursive: true });

    const run = await onTerminal(['run', directory, ...CODE, '--no-reuse-results', '--concurrency', '1'], {
      columns: 40,
    });

    const { drawn, text } = Terminal.showing(run, 40);
    const done = drawn.flatMap((row) => /^(\d+)\/140 /.exec(row)?.[1] ?? []).map(Number);
    expect(new Set(done).size).toBeGreaterThan(1);
    expect([...done].sort((a, b) => a - b)).toEqual(done);
    expect(text).not.toContain('/140');
  });

  it('prints colours, except with NO_COLOR', async () => {
    const [colored, plain] = [
      await onTerminal(RUN, { columns: 40 }),
      await onTerminal(RUN, { columns: 40, env: { NO_COLOR: '1' } }),
    ];

    expect(colored.raw).toMatch(COLOR);
    expect(plain.raw).not.toMatch(COLOR);
    expect(plain.raw).toContain('histories');
  });
});

onTerminals('replay fetch on a terminal', () => {
  const environment = useDevServer();
  const QUERY = 'WorkflowType = "orderWorkflow"';
  const fetchArgs = (query: string): string[] => [
    ...['fetch', '--query', query, '--dry-run', '--address', environment().address],
  ];

  beforeAll(async () => {
    const { client } = environment();
    for (let i = 0; i < 5; i++)
      await client.workflow.start('orderWorkflow', { taskQueue: 'nobody', workflowId: `order-${i}` });
    await soon(async () => expect((await client.workflow.count(QUERY)).count).toBe(5));
  });

  it.each([40, 120])('draws a bar in one row of %i columns, and cleans up', async (columns) => {
    const run = await onTerminal(fetchArgs(QUERY), { columns, cwd: scratchDirectory() });

    const terminal = Terminal.showing(run, columns);
    const bars = terminal.drawn.filter((row) => row.startsWith('Fetching'));
    expect(run.code).toBe(0);
    expect(bars.length).toBeGreaterThan(0);
    bars.forEach((row) => expect(row.length).toBeLessThanOrEqual(columns));
    expect(terminal.text).not.toContain('Fetching');
    expect(terminal.text).toContain('orderWorkflow');
    expect(terminal.text).toContain('Dry run: nothing was written.');
    expect(terminal).toMatchObject({ isCursorShown: true, isWrapping: true });
  });

  it('shows the number of runs in 40 columns', async () => {
    const run = await onTerminal(fetchArgs(QUERY), { columns: 40, cwd: scratchDirectory() });

    const bars = Terminal.showing(run, 40).drawn.filter((row) => row.startsWith('Fetching'));
    expect(bars.at(-1)).toContain('5/5 runs');
  });

  it('prints no colours with NO_COLOR', async () => {
    const run = await onTerminal(fetchArgs(QUERY), {
      columns: 40,
      cwd: scratchDirectory(),
      env: { NO_COLOR: '1' },
    });

    expect(run.raw).not.toMatch(COLOR);
  });

  it('removes its bar and shows the cursor again when the fetch fails', async () => {
    const run = await onTerminal(fetchArgs('NoSuchAttribute = 1'), { columns: 40, cwd: scratchDirectory() });

    const terminal = Terminal.showing(run, 40);
    expect(run.code).toBe(3);
    expect(terminal.isCursorShown).toBe(true);
    expect(terminal.text).not.toContain('Fetching');
  });
});
