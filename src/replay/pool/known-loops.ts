import type { SourceLocation } from '../../model/source';
import type { HistoryResult } from '../../model/verdict';

/** Number of histories of one type that must loop at one place before the others of the type get less time. */
const ENOUGH = 2;
/** Time limit for the other histories of that type, and for the second replay of a history that looped. */
const SHORT_LIMIT_MS = 10_000;

type Replayed = Pick<HistoryResult, 'file' | 'workflowType'>;

/** The endless loops that a run has met, by workflow type. */
export class KnownLoops {
  private readonly files = new Map<string, Set<string>>();
  private readonly places = new Map<string, SourceLocation>();
  /** Histories that were stopped in a loop once, by file. Each is replayed again, alone in a new process. */
  private readonly stopped = new Set<string>();

  /** Adds the place at which a history was stopped when its time was up. It may be replayed again, and counts once. */
  add({ file, workflowType }: Replayed, place: SourceLocation | undefined): void {
    if (workflowType === null || !place) return;
    this.stopped.add(file);
    // The line within a loop depends on the moment at which it was stopped.
    const key = JSON.stringify([workflowType, place.file, place.function ?? place.line]);
    const files = (this.files.get(key) ?? new Set()).add(file);
    this.files.set(key, files);
    if (files.size >= ENOUGH) this.places.set(workflowType, place);
  }

  /** Returns the time limit for a history. */
  limitOf({ file, workflowType }: Replayed, limitMs: number): number {
    const isKnown = this.placeOf(workflowType) !== null || this.hasLooped(file);
    return isKnown ? Math.min(limitMs, SHORT_LIMIT_MS) : limitMs;
  }

  /** Returns true if a history was stopped in a loop before. */
  hasLooped(file: string): boolean {
    return this.stopped.has(file);
  }

  /** Returns where histories of a type loop, or null if that is not known. */
  placeOf(workflowType: string | null): SourceLocation | null {
    return (workflowType !== null && this.places.get(workflowType)) || null;
  }
}
