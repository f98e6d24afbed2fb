/** Time over which older measurements lose their weight, in ms: a part of the time that is left, within limits. */
const memoryFor = (leftMs: number): number => Math.min(4_000, Math.max(300, leftMs / 4));
/** Time of measurement before which an estimate would be a guess, in ms. */
const WARM_UP_MS = 1_000;
/** The estimate is rounded up to a step of a size that suits it, so that it seldom changes by chance. */
const STEPS: readonly (readonly [below: number, step: number])[] = [
  [10, 1],
  [60, 5],
  [300, 15],
  [Infinity, 60],
];

/**
 * Estimates the time that a run still takes. An estimate follows the rate of the last seconds slowly and counts down between
 * measurements, so that a history that takes long, or many short ones at once, does not make it jump.
 */
export class TimeLeft {
  private endAt: number | null = null;
  private measuredAt = 0;

  constructor(private readonly startedAt: number) {}

  /** Takes in that `done` of `total` are done at a time in ms. */
  measure(now: number, done: number, total: number): void {
    const elapsed = now - this.startedAt;
    if (elapsed < WARM_UP_MS || done === 0) return;
    const endAt = now + (elapsed / done) * (total - done);
    const before = this.endAt ?? endAt;
    const weight = 1 - Math.exp(-(now - this.measuredAt) / memoryFor(endAt - now));
    this.endAt = before + weight * (endAt - before);
    this.measuredAt = now;
  }

  /** Returns `4 s left` or `2 min left`; null while too little is known. */
  text(now: number): string | null {
    if (this.endAt === null) return null;
    const seconds = Math.max(1, (this.endAt - now) / 1000);
    const [, step] = STEPS.find(([below]) => seconds < below)!;
    const rounded = Math.ceil(seconds / step) * step;
    if (rounded < 60) return `${rounded} s left`;
    const [minutes, rest] = [Math.floor(rounded / 60), rounded % 60];
    return `${minutes} min${rest === 0 ? '' : ` ${rest} s`} left`;
  }
}
