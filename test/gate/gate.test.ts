import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TemporalReplayError } from '../../src/errors';
import { type Gate, openGate } from '../../src/gate/gate';
import type { HistorySource } from '../../src/model/history';
import type { DiagnosedResult } from '../../src/model/report';
import { resultError } from '../../src/model/result-error';
import { resolveReplayOptions } from '../../src/options/resolve';
import type { ReplayConfig, ReplayOptions } from '../../src/options/types';
import { commitAll, git, initRepository } from '../helpers/git-repository';
import { scratchDirectory } from '../helpers/replay-cli';
import { CAUSE, OTHER_CAUSE, diagnosed, entryOf, reportOf, resultOf } from './baseline/reports';

const WORKFLOWS = 'src/workflows.ts';

/** Creates a repository with one commit on `main`, and code that was changed after it. */
function changedRepository(): string {
  const repository = scratchDirectory();
  initRepository(repository);
  mkdirSync(join(repository, 'src'));
  writeFileSync(join(repository, 'README.md'), '');
  writeFileSync(join(repository, WORKFLOWS), 'committed');
  commitAll(repository, 'first');
  writeFileSync(join(repository, WORKFLOWS), 'changed');
  return repository;
}

/** A replay of the earlier code: the options that the gate asked for, and the code that was there at that moment. */
interface EarlierReplay {
  options: ReplayOptions;
  workflowsPath: string;
  code: string;
}

interface Opened {
  gate: Gate;
  replays: EarlierReplay[];
}

/** Opens a gate whose replays of the earlier code end with these results. */
async function open(
  cwd: string,
  config: ReplayConfig,
  { earlier = [], signal }: { earlier?: DiagnosedResult[] | Error; signal?: AbortSignal } = {},
): Promise<Opened> {
  const given = { workflowsPath: WORKFLOWS, ...config, ...(signal && { signal }) };
  const replays: EarlierReplay[] = [];
  const gate = await openGate({
    historiesOf: (results) =>
      [...new Set(results.map(({ history, file }) => history?.file ?? file))].map((file) => ({ file })),
    resolved: resolveReplayOptions({ workflowsPath: WORKFLOWS, ...config }, cwd),
    given,
    cwd,
    replay: (options) => {
      const workflowsPath = options.projects![0]!.workflowsPath!;
      replays.push({ options, workflowsPath, code: readFileSync(workflowsPath, 'utf8') });
      return earlier instanceof Error ? Promise.reject(earlier) : Promise.resolve(reportOf(...earlier));
    },
    codeOf: (project) => Promise.resolve(project),
  });
  return { gate, replays };
}

const failing = (workflowId: string, fields: Partial<DiagnosedResult> = {}): DiagnosedResult =>
  resultOf(workflowId, 'incompatible', { ...diagnosed(CAUSE), ...fields });
const passing = (workflowId: string, fields: Partial<DiagnosedResult> = {}): DiagnosedResult =>
  resultOf(workflowId, 'compatible', fields);
const filesOf = ({ options }: EarlierReplay): string[] =>
  [...(options.histories as HistorySource[])].map(({ file }) => file);

describe('openGate', () => {
  it('fails with BASELINE_INVALID if the baseline does not exist', async () => {
    await expect(open(changedRepository(), { baseline: 'missing.json' })).rejects.toMatchObject({
      code: 'BASELINE_INVALID',
    });
  });

  it('fails with GIT_REF if there is no such commit', async () => {
    await expect(open(changedRepository(), { changedSince: 'origin/nowhere' })).rejects.toMatchObject({
      code: 'GIT_REF',
    });
  });
});

describe('a gate without options', () => {
  it('returns the report as it is', async () => {
    const { gate, replays } = await open(changedRepository(), {});
    const report = reportOf(failing('o1'));

    const judged = await gate.judge(report);

    expect(judged).toBe(report);
    expect(replays).toEqual([]);
  });
});

describe('a gate with changedSince', () => {
  it('replays the failing histories against the committed code, and removes that code afterwards', async () => {
    const repository = changedRepository();
    const { gate, replays } = await open(repository, { changedSince: 'main' });

    const judged = await gate.judge(reportOf(passing('o1'), failing('o2')));

    expect(replays.map(filesOf)).toEqual([['histories/o2.json']]);
    expect(replays[0]!.code).toBe('committed');
    expect(existsSync(replays[0]!.workflowsPath)).toBe(false);
    const commit = git(repository, 'rev-parse', 'HEAD').trim();
    expect(judged.changedSince).toEqual({ ref: 'main', commit, problem: null });
  });

  it('marks a failure as existing if the earlier code fails with the same cause', async () => {
    const earlier = [failing('o1'), failing('o2', diagnosed(OTHER_CAUSE)), passing('o3')];
    earlier[1]!.divergence = {
      eventId: 7,
      recorded: null,
      produced: null,
      location: null,
      coreMessage: null,
    };
    const { gate } = await open(changedRepository(), { changedSince: 'main' }, { earlier });

    const { results } = await gate.judge(
      reportOf(failing('o1'), failing('o2'), failing('o3'), passing('o4')),
    );

    expect(results.map(({ existedBefore }) => existedBefore)).toEqual([true, false, false, undefined]);
  });

  it('replays nothing if all histories are compatible', async () => {
    const { gate, replays } = await open(changedRepository(), { changedSince: 'main' });

    const { changedSince, results } = await gate.judge(reportOf(passing('o1')));

    expect(replays).toEqual([]);
    expect(changedSince).toMatchObject({ ref: 'main', problem: null });
    expect(results).toEqual([passing('o1')]);
  });

  it('replays a file of several histories once, as a whole', async () => {
    const { gate, replays } = await open(changedRepository(), { changedSince: 'main' });

    await gate.judge(
      reportOf(
        failing('o2', { file: 'all.jsonl#2', history: { file: 'all.jsonl', index: 1 } }),
        failing('o3', { file: 'all.jsonl#3', history: { file: 'all.jsonl', index: 2 } }),
      ),
    );

    expect(replays.map(filesOf)).toEqual([['all.jsonl']]);
  });

  it('counts every failure as new, and says why, if the commit has no workflow code', async () => {
    const repository = changedRepository();
    git(repository, 'rm', '--quiet', '--cached', WORKFLOWS);
    git(repository, 'commit', '--quiet', '--message', 'without the workflows');
    const { gate, replays } = await open(repository, { changedSince: 'main' });

    const { changedSince, results } = await gate.judge(reportOf(failing('o1')));

    expect(replays).toEqual([]);
    expect(changedSince!.problem).toContain(`there is no workflow code of ${WORKFLOWS}`);
    expect(results[0]!.existedBefore).toBe(false);
  });

  it('counts every failure as new, and says why, if the earlier code does not build', async () => {
    const error = resultError({ code: 'BUNDLE_FAILED', own: 'Unexpected token' });
    const earlier = [resultOf('o1', 'failed', { error })];
    const { gate } = await open(changedRepository(), { changedSince: 'main' }, { earlier });

    const { changedSince, results } = await gate.judge(reportOf(failing('o1')));

    expect(changedSince!.problem).toContain('the code does not build');
    expect(changedSince!.problem).toContain('Unexpected token');
    expect(results[0]!.existedBefore).toBe(false);
  });

  it('counts every failure as new, and says why, if a converter of the earlier code cannot be loaded', async () => {
    const earlier = new TemporalReplayError('CONVERTER_INVALID', 'no key');
    const { gate } = await open(changedRepository(), { changedSince: 'main' }, { earlier });

    const { changedSince, results } = await gate.judge(reportOf(failing('o1')));

    expect(changedSince!.problem).toMatch(/a converter cannot be loaded.*: no key$/);
    expect(results[0]!.existedBefore).toBe(false);
  });

  it('leaves failures unmarked once the run is aborted', async () => {
    const abort = new AbortController();
    const { gate, replays } = await open(
      changedRepository(),
      { changedSince: 'main' },
      { signal: abort.signal },
    );

    abort.abort();
    const { results } = await gate.judge(reportOf(failing('o1')));

    expect(replays).toEqual([]);
    expect(results[0]).not.toHaveProperty('existedBefore');
  });
});

describe('a gate with a baseline', () => {
  it('accepts known failures, also beside changedSince, which marks them', async () => {
    const repository = changedRepository();
    const entries = [entryOf('o1', { expires: '2999-12-31' })];
    writeFileSync(join(repository, 'baseline.json'), JSON.stringify({ schemaVersion: 1, entries }));
    const { gate } = await open(
      repository,
      { baseline: 'baseline.json', changedSince: 'main' },
      { earlier: [failing('o1')] },
    );

    const judged = await gate.judge(reportOf(failing('o1'), failing('o2')));

    const accepted = { reason: 'drained on Monday', expires: '2999-12-31' };
    expect(judged.results).toMatchObject([
      { workflowId: 'o1', accepted, existedBefore: true },
      { workflowId: 'o2', existedBefore: false },
    ]);
    expect(judged.results[1]).not.toHaveProperty('accepted');
    expect(judged.baseline).toEqual({ file: 'baseline.json', expired: [], stale: [] });
  });
});
