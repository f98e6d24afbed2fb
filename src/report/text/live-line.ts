import type { HistoryResult } from '../../model/verdict';
import type { Screen } from '../reporter';
import { cutToWidth } from './text-width';

const REDRAW_MS = 100;
const DEFAULT_COLUMNS = 80;

/** Draws `12/40 histories · 3,100 events/s · 4 s left` and redraws it in place. */
export class LiveLine {
  private readonly startedAt = performance.now();
  private drawnAt = 0;
  private events = 0;

  constructor(private readonly screen: Screen) {}

  update(result: HistoryResult, { done, total }: { done: number; total: number | null }): void {
    this.events += result.events;
    const now = performance.now();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const seconds = (now - this.startedAt) / 1000;
    const rate = Math.round(this.events / seconds).toLocaleString('en');
    const left = total === null ? '' : ` · ${Math.ceil((seconds / done) * (total - done))} s left`;
    const text = `${done}/${total ?? '?'} histories · ${rate} events/s${left}`;
    // A line that wraps could not be erased, so it is cut.
    this.screen.err(`\r\u001b[2K${cutToWidth(text, this.screen.errColumns ?? DEFAULT_COLUMNS)}`);
  }

  clear(): void {
    this.screen.err('\r\u001b[2K');
  }
}
