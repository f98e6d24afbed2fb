/** Tests action.yml by running its steps as GitHub's runner would. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, replay } from '../helpers/replay-cli';
import { expressionsIn } from './expressions';
import { type Step, action, runAction, steps } from './run-action';
import { ciService } from './service';

/** Returns the texts of a step that may hold expressions. */
const textsOf = (step: Step): string[] => [
  ...(step.if === undefined ? [] : [step.if]),
  ...Object.values(step.with ?? {}),
  ...Object.values(step.env ?? {}),
];
const namesIn = (texts: string[], pattern: RegExp): string[] =>
  texts
    .flatMap(expressionsIn)
    .flatMap((expression) => [...expression.matchAll(pattern)].map(([, name]) => name!));

describe('action.yml', () => {
  it('is a composite action whose run steps name their shell', () => {
    expect(action.runs.using).toBe('composite');
    expect(steps.filter((step) => step.run !== undefined && step.shell !== 'bash')).toEqual([]);
  });

  it('uses every input that it declares, and no other', () => {
    const used = new Set(namesIn(steps.flatMap(textsOf), /inputs\.([\w-]+)/g));

    expect([...used].sort()).toEqual(Object.keys(action.inputs).sort());
  });

  it('takes its outputs from existing steps', () => {
    const values = Object.values(action.outputs).map(({ value }) => value);
    const ids = namesIn([...values, ...steps.flatMap(textsOf)], /steps\.([\w-]+)\./g);

    expect(ids.filter((id) => !steps.some((step) => step.id === id))).toEqual([]);
  });

  it('has no expression in a script, where a value could become a command', () => {
    expect(steps.filter((step) => expressionsIn(step.run ?? '').length > 0)).toEqual([]);
  });

  it('has a row in docs/ci.md for every input, with its default, and every output', () => {
    const docs = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
    const rows = docs.split('\n').filter((line) => line.startsWith('| `'));
    const rowOf = (name: string): string | undefined =>
      rows.find((row) => row.split('|')[1]!.includes(`\`${name}\``));

    const names = [...Object.keys(action.inputs), ...Object.keys(action.outputs)];
    expect(names.filter((name) => rowOf(name) === undefined)).toEqual([]);
    const defaults = Object.entries(action.inputs).flatMap(([name, input]) =>
      input.default.split('\n').flatMap((value) => (value === '' ? [] : [[name, value] as const])),
    );
    expect(defaults.filter(([name, value]) => !rowOf(name)!.includes(`\`${value}\``))).toEqual([]);
  });

  it('uses other actions by their major version', () => {
    const used = steps.flatMap((step) => step.uses ?? []);

    expect(used).toHaveLength(2);
    expect(used.filter((name) => !/^actions\/[\w-]+@v\d+$/.test(name))).toEqual([]);
  });
});

describe('the steps of action.yml', () => {
  it('succeed if all histories pass, with the counts, the report and the bundle cache', () => {
    const job = runAction(ciService());

    expect(job.codes).toEqual({ prepare: 0, replay: 0, summary: 0, 'Pass the verdict on': 0 });
    expect(job.outputs).toMatchObject({
      'exit-code': '0',
      histories: '7',
      compatible: '7',
      incompatible: '0',
    });
    expect(JSON.parse(readFileSync(job.outputs['report']!, 'utf8'))).toMatchObject({ schemaVersion: 1 });
    expect(existsSync(job.outputs['html']!)).toBe(true);
    const { path, key } = job.used['actions/cache']!;
    expect(existsSync(path!)).toBe(true);
    expect(key).toMatch(/^temporal-replay-Linux-X64-\d+-[0-9a-f]{40}$/);
  });

  it('keep the verdict if no comment can be made', () => {
    const job = runAction(ciService(), { comment: 'true' });

    expect(job.codes).toMatchObject({ 'Comment on the pull request': 0, 'Pass the verdict on': 0 });
    expect(job.log).toContain('::warning title=temporal-replay::The pull request got no comment');
  });

  it('fail the job if a history fails, after the report is uploaded', () => {
    const job = runAction(ciService('broken'));

    expect(job.codes).toMatchObject({ replay: 0, 'Pass the verdict on': 1 });
    expect(job.outputs).toMatchObject({ 'exit-code': '1', incompatible: '2' });
    expect(job.used['actions/upload-artifact']).toMatchObject({ name: 'replay-report' });
    expect(existsSync(join(job.used['actions/upload-artifact']!['path']!, 'report.json'))).toBe(true);
  });

  it('replay one part of the histories, whose report has a name of its own, for a job that merges all parts', async () => {
    const workspace = ciService('broken');
    const jobs = ['1/2', '2/2'].map((shard) => runAction(workspace, { shard }));

    const reports = jobs.map(({ outputs }) => outputs['report']!);
    const merged = await replay(['merge', ...reports, '--reporter', 'json'], { cwd: workspace });

    expect(jobs.map(({ used }) => used['actions/upload-artifact']!['name'])).toEqual([
      'replay-report-1',
      'replay-report-2',
    ]);
    expect(jobs.reduce((sum, { outputs }) => sum + Number(outputs['histories']), 0)).toBe(7);
    expect(merged.code).toBe(1);
    expect(JSON.parse(merged.stdout)).toMatchObject({ summary: { histories: 7, incompatible: 2 } });
  });

  it('succeed if a baseline accepts the failures', async () => {
    const cwd = ciService('broken');
    const accepted = await replay(['baseline', 'update', '--baseline', 'known.json', '--reason', 'known'], {
      cwd,
    });

    const job = runAction(cwd, { baseline: 'known.json' });

    expect(accepted.code).toBe(0);
    expect(job.outputs).toMatchObject({ 'exit-code': '0', incompatible: '2' });
  });

  it('pass inputs on unchanged: several folders, quotes, and text that a shell would run', () => {
    const workspace = ciService();
    const service = join(workspace, 'services/it is');
    mkdirSync(service, { recursive: true });
    const injected = join(workspace, 'injected');

    const job = runAction(workspace, {
      'working-directory': 'services/it is',
      histories: '../../histories/p1.json\n../../histories/m*.json',
      'workflows-path': '../../src/workflows.ts',
      strict: 'true',
      args: `--timeout "30 s" --concurrency 1`,
      'report-name': '',
      cache: 'false',
      reporters: 'pretty',
    });
    const refused = runAction(workspace, {
      args: `--config '$(touch ${injected})' ; touch ${injected}`,
      reporters: `pretty\n$(touch ${injected})`,
    });

    expect(job.outputs).toMatchObject({ 'exit-code': '0', histories: '3' });
    expect(job.used).toEqual({});
    expect(refused.codes['Pass the verdict on']).toBe(2);
    expect(existsSync(injected)).toBe(false);
  });

  it('report that the package is not installed', () => {
    const workspace = ciService();
    rmSync(join(workspace, 'node_modules'), { recursive: true });
    // The node_modules of this repository, which is above the service, does not hold the package.
    const job = runAction(workspace);

    expect(job.codes).toEqual({ prepare: 2 });
    expect(job.log).toContain('::error title=temporal-replay::temporal-replay is not installed');
  });

  it('report that a quote is missing', () => {
    const job = runAction(ciService(), { args: '--timeout "30s' });

    expect(job.log).toContain("::error title=temporal-replay::The input args can't be read");
    expect(job.codes['Pass the verdict on']).toBe(2);
  });
});
