import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import type { HistoryOverview } from '../../src/history/overview';
import type { ShapeOverview } from '../../src/history/shape-overview';
import { ROOT, replay, replayInHost, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const SMALL = 'test/services/small/histories';
const validatorOf = (name: string) =>
  new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(join(ROOT, `schemas/${name}.schema.json`), 'utf8')) as object,
  );
const validate = validatorOf('timeline');
const validateShape = validatorOf('shape');

const overviewsOf = (stdout: string): HistoryOverview[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryOverview);

describe('replay show', () => {
  it('prints the history of a file, without its values in CI', async () => {
    const file = `${SMALL}/m3.json`;
    const [local, ci] = await Promise.all([
      replayInHost(['show', file], { env: { CI: '' } }),
      replayInHost(['show', file], { env: { CI: 'true' } }),
    ]);

    expect(local).toMatchObject({ code: 0, stderr: '' });
    expect(local.stdout).toMatch(/^ {2}workflow {4}m3$/m);
    expect(local.stdout).toMatch(/→ /);
    expect(ci.stdout).toMatch(/^ {2}workflow {4}m3$/m);
    expect(ci.stdout).not.toMatch(/→ /);
  });

  it('leaves messages of failures out with the values', async () => {
    const order = 'histories/processOrder';
    const declined = `${order}/order-v1-declined_01a20e3f-3887-7cfc-8906-3233c5dfb349.json`;
    const [shown, hidden] = await Promise.all([
      replayInHost(['show', declined, '--no-hide-values']),
      replayInHost(['show', declined, '--hide-values']),
    ]);

    expect(shown.stdout).toContain('activity chargePayment: CardDeclined: Card declined');
    expect(hidden.stdout).toMatch(/activity chargePayment: CardDeclined$/m);
    expect(hidden.stdout).not.toContain('Card declined');
  });

  it('decodes values with the codecs of the service, and hides them with the others', async () => {
    const directory = scratchDirectory();
    const text = readFileSync(join(ROOT, SMALL, 'm3.json'), 'utf8');
    const encoding = (name: string): string => Buffer.from(name).toString('base64');
    writeFileSync(
      join(directory, 'history.json'),
      text.replaceAll(encoding('json/plain'), encoding('binary/secret')),
    );
    writeFileSync(
      join(directory, 'codec.js'),
      `const decode = async (payloads) => payloads.map(({ data }) => {
        if (process.env.KEY !== 'right') throw new Error('the key is missing');
        return { metadata: { encoding: Buffer.from('json/plain') }, data };
      });
      exports.dataConverter = { payloadCodecs: [{ encode: decode, decode }] };\n`,
    );
    writeFileSync(
      join(directory, 'replay.config.json'),
      JSON.stringify({ workflowsPath: 'codec.js', dataConverter: 'codec.js' }),
    );
    const shown = (env: NodeJS.ProcessEnv, ...args: string[]) =>
      replayInHost(['show', 'history.json', ...args], { cwd: directory, env: { CI: '', ...env } });

    const [decoded, failing, hidden, expected] = await Promise.all([
      shown({ KEY: 'right' }),
      shown({}),
      shown({}, '--hide-values'),
      replayInHost(['show', join(SMALL, 'm3.json')], { env: { CI: '' } }),
    ]);

    const afterHeader = ({ stdout }: { stdout: string }): string => stdout.slice(stdout.indexOf('\n\n'));
    expect(decoded).toMatchObject({ code: 0, stderr: '' });
    expect(afterHeader(decoded)).toBe(afterHeader(expected));
    expect(failing.code).toBe(2);
    expect(failing.stdout).toContain('binary/secret');
    expect(failing.stderr).toMatch(
      /^replay: history\.json: event 1: The payload codec cannot decode a value: the key is missing$/m,
    );
    expect(hidden).toMatchObject({ code: 0, stderr: '' });
    expect(hidden.stdout).not.toContain('binary/secret');
  });

  it('prints JSON as schemas/timeline.schema.json describes it, with an object on each line', async () => {
    const run = await replayInHost([
      'show',
      SMALL,
      'histories',
      'test/history/validate/fixtures/open.json',
      '--json',
    ]);

    expect(run).toMatchObject({ code: 0, stderr: '' });
    const overviews = overviewsOf(run.stdout);
    expect(overviews.length).toBeGreaterThan(100);
    expect(overviews.flatMap((overview) => (validate(overview) ? [] : validate.errors))).toEqual([]);
    expect(overviews[0]).toMatchObject({ file: `${SMALL}/c1.json`, workflowId: 'c1', status: 'canceled' });
    expect(validate({ ...overviews[0], extra: 1 })).toBe(false);
  });

  it('prints the shape of a history, and as schemas/shape.schema.json describes it with --json', async () => {
    const file = `${SMALL}/m3.json`;
    const [text, json] = await Promise.all([
      replayInHost(['show', file, '--shape']),
      replayInHost(['show', file, '--shape', '--json']),
    ]);

    const shape = JSON.parse(json.stdout) as ShapeOverview;
    expect(validateShape(shape)).toBe(true);
    expect(text.stdout.split('\n')[0]).toBe(`${shape.workflowType}  ${shape.shape}  ${file}`);
    expect(text.stdout).toMatch(/^ {2}activity act completed {2}\(with the 1 before it, repeated\)$/m);
    expect(text.stdout.trimEnd().split('\n')).toHaveLength(shape.steps.length + 1);
  });

  it('reads standard input, and every history in it', async () => {
    const stdin = ['m3', 'c1'].map((id) => readFileSync(join(ROOT, SMALL, `${id}.json`), 'utf8')).join('\n');

    const run = await replay(['show', '-', '--json'], { stdin });

    expect(overviewsOf(run.stdout).map(({ file, workflowId }) => [file, workflowId])).toEqual([
      ['-', 'm3'],
      ['-#2', 'c1'],
    ]);
  });

  it('reports a file that is no history, shows the others, and exits 2', async () => {
    const directory = scratchDirectory();
    const events = JSON.parse(readFileSync(join(ROOT, SMALL, 'm3.json'), 'utf8')) as { events: object[] };
    writeFileSync(join(directory, 'a-broken.json'), '{');
    writeFileSync(join(directory, 'b-gap.json'), JSON.stringify({ events: events.events.toSpliced(3, 1) }));
    writeFileSync(join(directory, 'c-good.json'), JSON.stringify(events));

    const run = await replayInHost(['show', '.'], { cwd: directory });

    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(
      /^replay: a-broken\.json: .* \(\w+\)\n {8}b-gap\.json: .* \(EVENT_ID_GAP\) \[HISTORY_INVALID\]$/m,
    );
    expect(run.stdout).toMatch(/^ {2}file {8}c-good\.json$/m);
  });

  it('shows the commands of the current code beside the whole history, with any verdict', async () => {
    const workflows = join(scratchDirectory(), 'workflows.ts');
    writeEdited(join(ROOT, 'test/services/small/workflows.ts'), workflows, [
      ["await act2('comp');", "await act('more');\n      await act2('comp');"],
    ]);
    const files = [`${SMALL}/c1.json`, `${SMALL}/m3.json`];

    const run = await replayInHost(['show', ...files, '--diff', '--workflows-path', workflows]);

    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^incompatible: `act` activity is new, before `act2` activity$/m);
    expect(run.stdout).toMatch(/^❯ +\+ `act` activity$/m);
    expect(run.stdout).toMatch(/^compatible\n\n(?:.*\n)+ +23 +workflow completes +workflow completes$/m);
  });

  it('exits 2 if a file does not exist', async () => {
    const run = await replayInHost(['show', 'no-such-file.json']);

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('no-such-file.json');
  });
});
