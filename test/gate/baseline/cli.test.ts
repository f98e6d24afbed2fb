import Ajv from 'ajv';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Baseline } from '../../../src/gate/baseline/file';
import {
  type CliResult,
  ROOT,
  replayInHost,
  reportOf,
  scratchDirectory,
  writeEdited,
} from '../../helpers/replay-cli';

const SMALL = join(ROOT, 'test/services/small');
const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/baseline.schema.json'), 'utf8')) as object;
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);

/** Creates a service in which two runs of one workflow are incompatible. */
function brokenService(): string {
  const directory = scratchDirectory();
  cpSync(join(SMALL, 'histories'), join(directory, 'histories'), { recursive: true });
  writeEdited(join(SMALL, 'workflows.ts'), join(directory, 'workflows.ts'), [
    ['await act(i);', 'await act2(i);'],
  ]);
  writeFileSync(join(directory, 'replay.config.json'), '{"workflowsPath":"workflows.ts"}');
  return directory;
}

const baselineIn = (directory: string): Baseline =>
  JSON.parse(readFileSync(join(directory, 'replay-baseline.json'), 'utf8')) as Baseline;

describe('replay baseline, and replay run --baseline', () => {
  const service = brokenService();
  const cli = (...args: string[]): Promise<CliResult> => replayInHost(args, { cwd: service });
  const gate = (...args: string[]): Promise<CliResult> =>
    cli('run', '--baseline', 'replay-baseline.json', ...args);

  it('refuses to accept new failures without a reason', async () => {
    const run = await cli('baseline', 'update');

    expect(run.code).toBe(2);
    expect(run.stderr).toContain('2 failures are not in the baseline yet');
    expect(run.stderr).toContain('--reason');
    expect(() => baselineIn(service)).toThrow('ENOENT');
  });

  it('writes the failures with the reason, and prints the date until which they are accepted', async () => {
    const run = await cli('baseline', 'update', '--reason', 'drained on Monday', '--expires', '2999-12-31');

    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/^2 added, accepted until 2999-12-31\n( {4}m(?:22|3) \(many\)\n){2}/);
    const baseline = baselineIn(service);
    expect(validate(baseline) ? [] : validate.errors).toEqual([]);
    expect(baseline.entries).toMatchObject(
      ['m22', 'm3'].map((workflowId) => ({
        workflowId,
        verdict: 'incompatible',
        reason: 'drained on Monday',
      })),
    );
  });

  it('passes a run whose failures are all accepted, and keeps their verdicts and the reason in the JSON report', async () => {
    const run = await gate('--reporter', 'json');

    expect(run.code).toBe(0);
    expect(reportOf(run).summary).toMatchObject({ incompatible: 2, compatible: 5 });
    const accepted = reportOf(run).results.filter(({ verdict }) => verdict === 'incompatible');
    expect(accepted).toMatchObject(
      accepted.map(() => ({ accepted: { reason: 'drained on Monday', expires: '2999-12-31' } })),
    );
  });

  it('lists the accepted failures', async () => {
    const run = await cli('baseline', 'list');

    expect(run.code).toBe(0);
    expect(run.stdout).toContain('until    2999-12-31  incompatible  m3 (many): drained on Monday');
    expect(run.stdout).toContain('2 accepted failures, 0 of them expired');
  });

  it('fails on an expired entry, with its reason and its date', async () => {
    const path = join(service, 'replay-baseline.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('2999-12-31', '2020-01-31'));

    const run = await gate();

    expect(run.code).toBe(1);
    expect(run.stdout).toContain('Baseline replay-baseline.json: 1 accepted, 1 expired');
    expect(run.stdout).toContain('m22 (many), since 2020-01-31: drained on Monday');
  });

  it('passes repaired code, lists what no longer occurs, and drops it on update', async () => {
    writeEdited(join(SMALL, 'workflows.ts'), join(service, 'workflows.ts'), []);

    const [run, update] = [await gate(), await cli('baseline', 'update')];

    expect(run.code).toBe(0);
    expect(run.stdout).toContain('0 accepted, 2 no longer occurring');
    expect(update.stdout).toContain('2 dropped: no longer occurring');
    expect(baselineIn(service).entries).toEqual([]);
  });

  it('refuses a malformed baseline before it replays anything', async () => {
    writeFileSync(join(service, 'replay-baseline.json'), '{"schemaVersion":1}');

    const [run, update] = [await gate(), await cli('baseline', 'update', '--reason', 'x')];

    for (const { code, stderr } of [run, update]) {
      expect(code).toBe(2);
      expect(stderr).toMatch(
        /replay-baseline\.json is not a valid baseline: entries is not an array\. \[BASELINE_INVALID\]/,
      );
    }
  });
});
