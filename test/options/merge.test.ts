import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  coverageOptionsOf,
  mergeConfig,
  mergeConnection,
  mergeFetch,
  replayOptionsOf,
} from '../../src/options/merge';
import type { ReplayConfig } from '../../src/options/types';

const CWD = '/work';
const merge = (flags: object, config: ReplayConfig, dir = CWD) =>
  mergeConfig(flags, { config, dir, path: null }, CWD);

describe('the options of a command', () => {
  it('come from a flag before the config file', () => {
    const merged = merge({ strict: false, timeout: '5s' }, { strict: true, timeout: '60s', minHistories: 3 });

    expect(merged).toMatchObject({ strict: false, timeout: '5s', minHistories: 3 });
  });

  it('take a list from a flag whose values are separated by commas', () => {
    expect(merge({ requireTypes: ' order, charge,' }, {}).requireTypes).toEqual(['order', 'charge']);
  });

  it('lose all workflow code of the config file to a flag that names code', () => {
    const merged = merge({ bundle: 'b.js' }, { projects: [{ workflowsPath: 'a.ts' }], namespace: 'prod' });

    expect(merged).toMatchObject({ bundle: 'b.js', namespace: 'prod' });
    expect(merged.projects).toBeUndefined();
  });

  it('lose the reporters of the config file to those of the flags', () => {
    const file: ReplayConfig = { reporter: ['json', 'pretty'], output: 'out.txt' };

    expect(merge({ reporter: ['junit'] }, file)).toMatchObject({ reporter: ['junit'], output: 'out.txt' });
    expect(merge({ reporter: ['junit=r.xml'] }, file).output).toBeUndefined();
    expect(merge({}, file)).toMatchObject(file);
  });

  it.each([
    ['set', {}, {}, true],
    ['left off by the config file', {}, { coverage: false }, false],
    ['left off by a flag', { coverage: false }, { coverage: true }, false],
  ])('have coverage %s with --coverage-dir', (_, flags, file, expected) => {
    const merged = merge({ coverageDir: 'out', ...flags }, file);

    expect(coverageOptionsOf(merged)).toEqual({ coverage: expected, coverageDir: 'out' });
  });

  it('do not include those of sources, coverage and reports where a command only replays', () => {
    const merged = merge({}, { strict: true, coverage: true, reporter: 'json', histories: ['h'] });

    expect(replayOptionsOf(merged)).toEqual({ strict: true });
  });
});

describe('paths of the config file', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'merge-'));
    mkdirSync(join(root, 'service/node_modules/packaged'), { recursive: true });
    writeFileSync(join(root, 'service/node_modules/packaged/index.js'), '');
    writeFileSync(join(root, 'service/workflows.ts'), '');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const mergeInRoot = (config: ReplayConfig, dir = join(root, 'service')) =>
    mergeConfig({}, { config, dir, path: null }, root);

  it('are relative to its directory', () => {
    const merged = mergeInRoot({
      baseline: 'baseline.json',
      projects: [{ workflowsPath: 'workflows', workflowInterceptors: ['packaged'] }],
      fetch: { tlsCaPath: 'ca.pem', out: 'recorded' },
    });

    const service = (path: string): string => join(root, 'service', path);
    expect(merged).toMatchObject({
      baseline: service('baseline.json'),
      projects: [
        {
          workflowsPath: service('workflows.ts'),
          workflowInterceptors: [service('node_modules/packaged/index.js')],
        },
      ],
      fetch: { tlsCaPath: service('ca.pem'), out: service('recorded') },
    });
  });

  it('name histories as seen from the current directory', () => {
    expect(mergeInRoot({ histories: ['recorded', '-', '/all/*.json'] }).histories).toEqual([
      'service/recorded',
      '-',
      '/all/*.json',
    ]);
    expect(mergeInRoot({}).histories).toEqual(['service/histories']);
  });

  it('stay relative to the current directory for output', () => {
    expect(mergeInRoot({ output: 'report.txt' }).output).toBe('report.txt');
  });

  it('stay as they are written if the file is in the current directory', () => {
    expect(mergeInRoot({ workflowsPath: 'src/workflows.ts' }, root).workflowsPath).toBe('src/workflows.ts');
  });
});

describe('the options of a fetch', () => {
  const file: ReplayConfig = { fetch: { address: 'file:7233', query: 'configured', limit: 5 } };

  it('come from a flag before the config file', () => {
    expect(mergeFetch({ address: 'flag:7233', gzip: true }, merge({}, file))).toMatchObject({
      address: 'flag:7233',
      query: 'configured',
      limit: 5,
      gzip: true,
    });
  });

  it.each([
    ['a query', { query: 'given' }, undefined, { query: 'given', limit: 5 }],
    ['executions', {}, [{ workflowId: 'a' }], { executions: [{ workflowId: 'a' }], limit: 5 }],
  ])('select by %s that is given instead of the selection of the config file', (_, flags, ids, expected) => {
    const { out: _out, address: _address, ...selected } = mergeFetch(flags, merge({}, file), ids);

    expect(selected).toEqual(expected);
  });

  it('lend only their connection to a replay of a query', () => {
    expect(mergeConnection({ namespace: 'prod', limit: 1 }, merge({}, file))).toEqual({
      address: 'file:7233',
      namespace: 'prod',
    });
  });
});
