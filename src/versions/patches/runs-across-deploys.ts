import type { ListedRun } from '../../fetch/query';

/** Number of runs from which on those are sought again that are known to have started late enough. */
const MIN_SWEEP = 1_000;

/**
 * Tells closed runs that may have begun before a patch of theirs was deployed from those that cannot have. Such a run can have taken both
 * ways, if it comes to the call several times. The deploy is no later than the end of the first run with the marker, so a run that
 * started after that has taken the new way alone.
 */
export class RunsAcrossDeploys {
  private open: ListedRun[] = [];
  private sweepAt = MIN_SWEEP;
  /** The end of the first run with the marker of each patch, in ms since 1970. */
  private readonly firstEnds = new Map<string, number>();

  /** Takes a closed run with markers. Returns runs of which it is known by now that they started after the deploys. */
  take(run: ListedRun): ListedRun[] {
    for (const id of run.changeVersions)
      this.firstEnds.set(id, Math.min(this.firstEnds.get(id) ?? Infinity, run.closedAtMs ?? Infinity));
    this.open.push(run);
    if (this.open.length < this.sweepAt) return [];
    const late = this.sweep();
    this.sweepAt = Math.max(MIN_SWEEP, 2 * this.open.length);
    return late;
  }

  /** Returns all runs that are left, once the last one was taken. */
  end(): { late: ListedRun[]; across: ListedRun[] } {
    const late = this.sweep();
    return { late, across: this.open };
  }

  private sweep(): ListedRun[] {
    const late: ListedRun[] = [];
    const left: ListedRun[] = [];
    for (const run of this.open) (this.isLate(run) ? late : left).push(run);
    this.open = left;
    return late;
  }

  private isLate = ({ startedAtMs, changeVersions }: ListedRun): boolean =>
    startedAtMs !== null && changeVersions.every((id) => startedAtMs >= this.firstEnds.get(id)!);
}
