import type { CauseVariant, FailureGroup } from '../../../src/model/diagnosis';
import { messageParts } from '../../../src/model/message';
import { impactOf } from '../../../src/diagnosis/impact';
import { mergeGroups } from '../../../src/run/merge/merge-groups';

const CAUSE = {
  proven: true,
  since: 'c0ffee',
  hunks: [{ file: 'src/flow.ts', line: 7, count: 1, before: ['old'] }],
  packages: [],
};

function group(fingerprint: string, results: number[], fields: Partial<FailureGroup> = {}): FailureGroup {
  const counts = {
    verdict: 'incompatible' as const,
    kind: 'removed' as const,
    count: results.length,
    openCount: 0,
    existingCount: 0,
    ...fields,
  };
  return {
    fingerprint,
    ...counts,
    headline: fingerprint,
    headlineParts: messageParts({ own: fingerprint }),
    acceptedCount: 0,
    existedBeforeCount: null,
    workflowTypes: ['flow'],
    results,
    examples: results.map((index) => ({
      file: `${fingerprint}-${index}`,
      workflowId: null,
      runId: null,
      eventId: 5,
    })),
    location: null,
    issuedAt: null,
    callers: [],
    locationNote: null,
    cause: null,
    variants: [],
    codeFrame: null,
    rows: [],
    drift: [],
    impact: impactOf(counts),
    remedies: [],
    ...fields,
  };
}

const variant = (fingerprint: string, count: number, eventId: number | null = 9): CauseVariant => ({
  ...{ fingerprint, kind: 'moved', headline: fingerprint, headlineParts: messageParts({ own: fingerprint }) },
  ...{ eventId, count },
});

describe('mergeGroups', () => {
  it('makes one group of those with one fingerprint, with the counts and the meaning for all runs', () => {
    const [merged, ...others] = mergeGroups([
      { offset: 0, groups: [group('a', [0, 2], { openCount: 1, existedBeforeCount: 2 })] },
      { offset: 5, groups: [group('a', [1], { openCount: 1, workflowTypes: ['ship'] })] },
    ]);

    expect(others).toEqual([]);
    expect(merged).toMatchObject({
      ...{ count: 3, openCount: 2, existedBeforeCount: 2 },
      results: [0, 2, 6],
      workflowTypes: ['flow', 'ship'],
      impact: expect.stringMatching(/^2 of the 3 runs were open/),
    });
  });

  it('names three examples at most', () => {
    const [merged] = mergeGroups([
      { offset: 0, groups: [group('a', [0, 1])] },
      { offset: 2, groups: [group('a', [0, 1])] },
    ]);

    expect(merged!.examples.map(({ file }) => file)).toEqual(['a-0', 'a-1', 'a-0']);
  });

  it('makes one group of different differences behind one change, with the other one as a variant', () => {
    const [merged, ...others] = mergeGroups([
      { offset: 0, groups: [group('a', [0, 1], { cause: CAUSE, variants: [variant('b', 1, 9)] })] },
      { offset: 2, groups: [group('c', [0, 1, 2], { cause: CAUSE, variants: [variant('b', 1, 7)] })] },
    ]);

    expect(others).toEqual([]);
    expect(merged).toMatchObject({ fingerprint: 'c', count: 5 });
    expect(merged!.variants.map(({ fingerprint, count, eventId }) => [fingerprint, count, eventId])).toEqual([
      ['b', 2, 7],
      ['a', 1, 5],
    ]);
  });

  it('takes the group whose change is known for one of the same difference without it', () => {
    const [merged, ...others] = mergeGroups([
      { offset: 0, groups: [group('a', [0, 1])] },
      { offset: 2, groups: [group('a', [0], { cause: CAUSE })] },
    ]);

    expect(others).toEqual([]);
    expect(merged).toMatchObject({ count: 3, cause: CAUSE });
  });

  it('leaves drift apart from what breaks through the same change, and the gravest first', () => {
    const merged = mergeGroups([
      { offset: 0, groups: [group('d', [0, 1, 2], { cause: CAUSE, verdict: 'drifted', kind: 'drift' })] },
      { offset: 3, groups: [group('a', [0], { cause: CAUSE })] },
    ]);

    expect(merged.map(({ fingerprint }) => fingerprint)).toEqual(['a', 'd']);
  });
});
