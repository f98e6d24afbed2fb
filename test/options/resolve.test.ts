import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ReplayConfig } from '../../src/options/types';
import { ROOT } from '../helpers/replay-cli';

const WORKFLOWS = 'test/services/small/workflows.ts';
const resolved = (config: ReplayConfig) =>
  resolveReplayOptions({ workflowsPath: WORKFLOWS, ...config }, ROOT);

describe('resolved options', () => {
  it('have a default for everything but what may stay unset', () => {
    expect(resolved({})).toMatchObject({
      concurrency: availableParallelism(),
      timeoutMs: 120_000,
      strict: false,
      minHistories: 1,
      requireTypes: [],
      failOnUncovered: false,
      baseline: null,
      changedSince: null,
      fast: true,
      engine: 'core',
      cache: true,
      coverage: false,
      coverageDir: join(ROOT, 'coverage'),
    });
  });

  it('have absolute paths and durations in ms', () => {
    expect(resolved({ baseline: 'b.json', cacheDir: 'c', timeout: '2m' })).toMatchObject({
      baseline: join(ROOT, 'b.json'),
      cacheDir: join(ROOT, 'c'),
      timeoutMs: 120_000,
    });
  });

  it.each([
    ['concurrency', { concurrency: 0 }, 'concurrency (--concurrency) must be a whole number from 1, not 0.'],
    [
      'minHistories',
      { minHistories: 1.5 },
      'minHistories (--min-histories) must be a whole number from 0, not 1.5.',
    ],
    [
      'timeout',
      { timeout: 'soon' },
      'timeout (--timeout) must be in ms or a duration such as 30s, not "soon".',
    ],
    ['a module', { dataConverter: 'nowhere' }, 'dataConverter (--data-converter): there is no file'],
  ])('are refused for a wrong value of %s', (_, config, message) => {
    expect(() => resolved(config)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

describe('resolved projects', () => {
  it('inherit the options beside them that they do not set', () => {
    const { projects } = resolveReplayOptions(
      {
        namespace: 'shared',
        name: 'not inherited',
        projects: [{ workflowsPath: WORKFLOWS }, { workflowsPath: WORKFLOWS, namespace: 'own' }],
      },
      ROOT,
    );

    expect(projects.map(({ name, namespace }) => [name, namespace])).toEqual([
      [WORKFLOWS, 'shared'],
      [WORKFLOWS, 'own'],
    ]);
  });

  it('are null for options that are not set', () => {
    expect(resolved({}).projects).toEqual([
      {
        name: WORKFLOWS,
        worker: null,
        cacheKey: null,
        workflowsPath: join(ROOT, WORKFLOWS),
        bundle: null,
        workflowInterceptors: [],
        payloadConverter: null,
        failureConverter: null,
        dataConverter: null,
        plugins: null,
        reuseV8Context: null,
        workflowFailureErrorTypes: null,
        taskQueue: null,
        deploymentVersion: null,
        namespace: null,
        bundlerOptions: {},
      },
    ]);
  });

  it.each([
    ['no code', {}, 'Nothing says where the workflow code is.'],
    ['a project without code', { projects: [{ name: 'p' }] }, 'needs one of'],
    ['code beside projects', { bundle: 'b.js', projects: [{ bundle: 'c.js' }] }, 'which one is meant?'],
    [
      'a project with two kinds of code',
      { projects: [{ bundle: 'b', workflowsPath: 'w' }] },
      'which one is meant?',
    ],
    ['coverage of a bundle', { bundle: 'b.js', coverage: true }, 'Coverage cannot be measured'],
  ])('are refused for %s', (_, config, message) => {
    expect(() => resolveReplayOptions(config, ROOT)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });
});
