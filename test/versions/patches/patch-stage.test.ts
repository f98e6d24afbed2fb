import type { PatchRuns } from '../../../lib/model/patches';
import { movesOnAt, stageOf } from '../../../lib/versions/patches/patch-stage';

const runs = (some: Partial<PatchRuns> = {}): PatchRuns => ({
  ...{ old: 0, live: 0, deprecated: 0, notReached: 0, unknown: 0 },
  ...some,
});
const stage = (
  call: 'patched' | 'deprecatePatch' | null,
  open: Partial<PatchRuns>,
  closed: Partial<PatchRuns> = {},
  othersWithMarker = 0,
): string =>
  stageOf({
    calls: new Set(call === null ? [] : [call]),
    open: runs(open),
    closed: runs(closed),
    othersWithMarker,
  });

describe('the stage of a patch with patched()', () => {
  it.each([
    ['new', {}, {}],
    ['new', { old: 3, notReached: 2 }, { old: 1 }],
    ['live', { old: 1, live: 5 }, {}],
    ['live', { unknown: 1, live: 5 }, {}],
    ['old runs closed', { live: 1 }, { old: 2 }],
    ['old runs closed', { live: 1 }, { unknown: 1 }],
    ['deprecatable', { live: 1, notReached: 4 }, { notReached: 2, live: 9 }],
    ['deprecatable', {}, { deprecated: 1 }],
  ] as const)('is %s for the open runs %j and the closed runs %j', (expected, open, closed) => {
    expect(stage('patched', open, closed)).toBe(expected);
  });

  it('counts the marker of a pinned run as a sign that the patch is deployed', () => {
    expect(stage('patched', {}, {}, 1)).toBe('deprecatable');
  });
});

describe('the stage of a patch with deprecatePatch()', () => {
  it.each([
    ['deprecated', { live: 1, deprecated: 3 }, {}],
    ['deprecated', { deprecated: 3 }, { live: 1 }],
    ['deprecated', { deprecated: 3, unknown: 1 }, {}],
    // No run shows that the deprecation is deployed, so further runs may get the marker of patched().
    ['deprecated', { notReached: 1 }, {}],
    ['removable', { deprecated: 1, notReached: 1 }, {}],
    ['removable', {}, { deprecated: 1 }],
  ] as const)('is %s for the open runs %j and the closed runs %j', (expected, open, closed) => {
    expect(stage('deprecatePatch', open, closed)).toBe(expected);
  });
});

describe('movesOnAt', () => {
  const lastClosedAtMs = Date.parse('2026-01-01T00:00:00Z');
  const DAY = 24 * 60 * 60 * 1000;

  it('is the end of the retention of the last closed run', () => {
    expect(movesOnAt({ open: 0, closed: 2, lastClosedAtMs }, DAY)).toBe('2026-01-02T00:00:00.000Z');
  });

  it('is unknown while open runs hold the patch back, and without a retention', () => {
    expect(movesOnAt({ open: 1, closed: 2, lastClosedAtMs }, DAY)).toBeNull();
    expect(movesOnAt({ open: 0, closed: 2, lastClosedAtMs }, null)).toBeNull();
    expect(movesOnAt({ open: 0, closed: 0, lastClosedAtMs: null }, DAY)).toBeNull();
  });
});
