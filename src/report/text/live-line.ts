import { type HistoryResult, canFailRun } from '../../model/verdict';
import type { Screen } from '../screen';
import { cutToWidth } from './text-width';

const REDRAW_MS = 100;
const DEFAULT_COLUMNS = 80;

/** Draws `12/40 histories · 3,100 events/s · 4 s left`, and redraws it in place. */
export class LiveLine {
  /** Start of the first replay: bundling before it would make the first estimates far too long. */
  private startedAt: number | null = null;
  private drawnAt = 0;
  private events = 0;
  private histories = 0;
  private failing = 0;

  constructor(private readonly screen: Screen) {}

  update(result: HistoryResult, { done, total }: { done: number; total: number | null }): void {
    this.events += result.events;
    this.histories++;
    if (canFailRun(result.verdict)) this.failing++;
    const now = performance.now();
    this.startedAt ??= now - result.durationMs;
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const seconds = (now - this.startedAt) / 1000;
    const rate = Math.round(this.events / seconds).toLocaleString('en');
    const left = total === null ? '' : ` · ${Math.ceil((seconds / done) * (total - done))} s left`;
    const text = `${done}/${total ?? '?'} histories · ${rate} events/s${left}`;
    this.draw(text);
  }

  /** Draws what is done before the first result. */
  begin(doing: string): void {
    this.draw(doing);
  }

  /** Draws `3 of 40 histories are not compatible · …` with what is done now. */
  say(doing: string): void {
    if (this.failing > 0)
      this.draw(`${this.failing} of ${this.histories} histories are not compatible · ${doing}`);
  }

  clear(): void {
    this.screen.redraw('');
  }

  private draw(text: string): void {
    // A line that wraps could not be erased, so it is cut.
    this.screen.redraw(cutToWidth(text, this.screen.errColumns ?? DEFAULT_COLUMNS));
  }
}
