import {
  type DeployCounts,
  type DeployEffect,
  type DeployRow,
  type VersioningBehavior,
  brokenRuns,
} from '../model/deploy';
import { atMostBroken } from './at-most-broken';

/** The runs that a row counts. */
export interface RowKey {
  workflowType: string;
  behavior: VersioningBehavior;
  version: string | null;
  isOverridden: boolean;
}

/** A number of {@link DeployRow} that runs are added to. */
type Counted = keyof Omit<DeployCounts, 'open' | 'elsewhere' | 'moving'>;

/** One row while runs are counted. */
interface OpenRow {
  key: RowKey;
  counts: Record<Counted, number>;
  /** Number of runs of each shape that were replayed and go on. */
  shapes: Map<string, number>;
  /** Number of runs that were looked at because of their kind, not drawn at random. */
  notDrawn: number;
}

/** Counts the open runs of a cluster by what a deploy means for them. */
export class DeployTally {
  private readonly rows = new Map<string, OpenRow>();
  private readonly listed = { open: 0, elsewhere: 0 };

  /** Counts a run that the cluster has listed. */
  list(isElsewhere: boolean): void {
    this.listed.open++;
    if (isElsewhere) this.listed.elsewhere++;
  }

  /** Returns a number of a row. */
  of(key: RowKey, what: Counted): number {
    return this.row(key).counts[what];
  }

  /** Counts runs that are not looked at for some reason, or whose replay has ended. */
  count(key: RowKey, what: Counted, runs = 1): void {
    this.row(key).counts[what] += runs;
  }

  /** Notes the shape of a run that was downloaded, and returns the number of runs of that shape that go on so far. */
  meetShape(key: RowKey, shape: string): number {
    const { shapes } = this.row(key);
    const known = shapes.get(shape) ?? 0;
    shapes.set(shape, known);
    return known;
  }

  /** Notes that a run is looked at because of its kind, so that it says little about the others. */
  meetNotDrawn(key: RowKey): void {
    this.row(key).notDrawn++;
  }

  /** Counts a run that was replayed. */
  judge(key: RowKey, shape: string, effect: DeployEffect): void {
    const { counts, shapes } = this.row(key);
    counts[effect]++;
    if (effect === 'safe') shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
  }

  /** Returns the numbers of all rows. */
  counts(): DeployCounts {
    const sum = (what: Counted): number =>
      [...this.rows.values()].reduce((total, { counts }) => total + counts[what], 0);
    const counted = countsOf(sum);
    return { ...this.listed, ...counted, moving: movingOf(counted) };
  }

  /** Returns the rows: those with broken runs first, then those with most runs. */
  asRows(): DeployRow[] {
    return [...this.rows.values()].map(deployRow).sort(byWeight);
  }

  private row(key: RowKey): OpenRow {
    const id = JSON.stringify([key.workflowType, key.behavior, key.version, key.isOverridden]);
    const known = this.rows.get(id);
    if (known) return known;
    const row = { key, counts: countsOf(() => 0), shapes: new Map<string, number>(), notDrawn: 0 };
    this.rows.set(id, row);
    return row;
  }
}

const COUNTED: readonly Counted[] = [
  ...(['ended', 'staying', 'safe', 'represented', 'stuck', 'failing'] as const),
  ...(['stuckBefore', 'unjudged', 'notLookedAt'] as const),
  ...(['paused', 'upgrading', 'triedAsNew', 'stuckAsNew'] as const),
];

const countsOf = (number: (what: Counted) => number): Record<Counted, number> =>
  Object.fromEntries(COUNTED.map((what) => [what, number(what)])) as Record<Counted, number>;

/** Numbers of runs that get the new code. */
const MOVING: readonly Counted[] = [
  ...(['safe', 'represented', 'stuck', 'failing', 'stuckBefore', 'unjudged', 'notLookedAt'] as const),
];

const movingOf = (counts: Record<Counted, number>): number =>
  MOVING.reduce((total, what) => total + counts[what], 0);

function deployRow({ key, counts, shapes, notDrawn }: OpenRow): DeployRow {
  const moving = movingOf(counts);
  const { notLookedAt, stuck, failing } = counts;
  // After a broken run there is nothing to bound: others like it will break too.
  const isBounded = notLookedAt > 0 && stuck + failing === 0;
  const drawn = Math.max(0, moving - notLookedAt - notDrawn);
  const atMost = isBounded ? atMostBroken(notLookedAt + drawn, drawn) : null;
  return { ...key, ...counts, moving, shapes: shapes.size, atMost };
}

const byWeight = (a: DeployRow, b: DeployRow): number =>
  brokenRuns(b) - brokenRuns(a) ||
  b.moving - a.moving ||
  b.staying - a.staying ||
  (a.workflowType < b.workflowType ? -1 : 1);
