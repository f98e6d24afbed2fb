import { byPatchStage } from '../../lib/advice/patch-stage';
import type { FailureGroup, Remedy } from '../../src/model/diagnosis';
import type { DiagnosedResult } from '../../src/model/report';

const remedy = (code: Remedy['code'], patchId?: string): Remedy => ({
  ...{
    code,
    title: code,
    text: 'Text.',
    snippet: 'code',
    trial: { outcome: 'passed', mended: 1, unchanged: 0, newRun: 'same' },
  },
  edits: [{ file: 'workflows.ts', startLine: 1, endLine: 1, replacement: 'code' }],
  ...(patchId !== undefined && { patchId }),
});

const group = (count: number, ...remedies: Remedy[]): FailureGroup =>
  ({ count, remedies }) as unknown as FailureGroup;

const report = (...files: string[]) => ({ results: files.map((file) => ({ file }) as DiagnosedResult) });
const RUNS = report('temporal://default/a/b', 'temporal://default/c/d');

/** The group of histories with a marker of a patch that the code has lost. */
const withMarker = group(2, remedy('keep-patch', 'fee'), remedy('deprecate-patch', 'fee'));

/** Returns `code: text` of the remedies of the first group. */
const remediesIn = ([first]: FailureGroup[]): string[] =>
  first!.remedies.map(({ code, text }) => `${code}: ${text}`);

describe('byPatchStage', () => {
  it('puts deprecatePatch() first if no run of the cluster is from before the patch', () => {
    expect(remediesIn(byPatchStage([withMarker], RUNS))).toEqual([
      'deprecate-patch: Text. No history that was replayed is from before the patch.',
      'keep-patch: Text.',
    ]);
  });

  it('leaves patched() first for a corpus, which does not show all runs', () => {
    expect(remediesIn(byPatchStage([withMarker], report('histories/a.json')))).toEqual([
      'keep-patch: Text.',
      'deprecate-patch: Text. No history that was replayed is from before the patch.',
    ]);
  });

  it('leaves patched() first if runs are from before the patch, and counts them', () => {
    const before = group(3, remedy('keep-patch', 'fee'), remedy('patch'));

    expect(remediesIn(byPatchStage([withMarker, before], RUNS))).toEqual([
      'keep-patch: Text. 3 histories that were replayed are from before the patch and need its old way.',
      'deprecate-patch: Text.',
    ]);
  });

  it('minds no run from before another patch', () => {
    const before = group(3, remedy('keep-patch', 'tax'));

    expect(remediesIn(byPatchStage([withMarker, before], RUNS))[0]).toMatch(/^deprecate-patch/);
  });

  it('leaves patched() first if the trial of deprecatePatch() failed', () => {
    const failed = { ...remedy('deprecate-patch', 'fee'), edits: [] };

    expect(remediesIn(byPatchStage([group(2, remedy('keep-patch', 'fee'), failed)], RUNS))[0]).toBe(
      'keep-patch: Text.',
    );
  });
});
