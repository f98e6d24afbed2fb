import { type HistoryResult, canFailRun } from '../../model/verdict';
import type { Screen } from '../screen';
import { cutToWidth } from './text-width';
import { TimeLeft } from './time-left';

const REDRAW_MS = 100;
/** Interval at which a line is drawn without news, so that a run that takes long is seen to be alive. */
const TICK_MS = 1_000;
/** Time of one activity from which on the line says how long it has taken. */
const LONG_MS = 2_000;
const DEFAULT_COLUMNS = 80;

/** Draws `12/40 histories · 3,100 events/s · 4 s left`, and redraws it in place. */
export class LiveLine {
  /** Start of the first replay: bundling before it would make the first estimates far too long. */
  private startedAt: number | null = null;
  private timeLeft: TimeLeft | null = null;
  private drawnAt = -Infinity;
  private events = 0;
  private histories = 0;
  private failing = 0;
  private total: number | null = null;
  private ticker: NodeJS.Timeout | null = null;
  private text: () => string = () => '';

  constructor(private readonly screen: Screen) {}

  update(result: HistoryResult, { done, total }: { done: number; total: number | null }): void {
    this.events += result.events;
    this.histories = done;
    this.total = total;
    if (canFailRun(result.verdict)) this.failing++;
    const now = performance.now();
    this.startedAt ??= now - result.durationMs;
    this.timeLeft ??= new TimeLeft(this.startedAt);
    if (total !== null) this.timeLeft.measure(now, done, total);
    this.text = () => this.progressText();
    if (now - this.drawnAt < REDRAW_MS) return;
    this.draw();
  }

  /** Draws what is done before the first result. */
  begin(doing: string): void {
    this.show(doing);
  }

  /** Draws `3 of 40 histories are not compatible · …` with what is done now. */
  say(doing: string): void {
    if (this.failing > 0)
      this.show(`${this.failing} of ${this.histories} histories are not compatible · ${doing}`);
  }

  /** Erases the line for good. */
  clear(): void {
    if (this.ticker !== null) clearInterval(this.ticker);
    this.ticker = null;
    this.screen.redraw('');
  }

  /** Shows what is done, and after some time for how long. */
  private show(doing: string): void {
    const since = performance.now();
    this.text = () => {
      const took = performance.now() - since;
      return took < LONG_MS ? doing : `${doing} ${Math.floor(took / 1000)} s`;
    };
    this.draw();
    this.ticker ??= setInterval(() => this.draw(), TICK_MS).unref();
  }

  private progressText(): string {
    const now = performance.now();
    const seconds = Math.max(0.001, (now - (this.startedAt ?? now)) / 1000);
    const rate = Math.round(this.events / seconds).toLocaleString('en');
    const left = this.total === null ? null : (this.timeLeft?.text(now) ?? null);
    const failing = this.failing === 0 ? '' : ` · ${this.failing} not compatible`;
    return `${this.histories}/${this.total ?? '?'} histories${failing} · ${rate} events/s${left === null ? '' : ` · ${left}`}`;
  }

  private draw(): void {
    this.drawnAt = performance.now();
    // A line that wraps could not be erased, so it is cut.
    this.screen.redraw(cutToWidth(this.text(), this.screen.errColumns ?? DEFAULT_COLUMNS));
  }
}
