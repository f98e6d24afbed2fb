import colors from 'picocolors';
import type { DiagnosedReport, Drift, HistoryResult, RunReport, Verdict } from '../model';
import { baselineText } from './baseline-text';
import { changedSinceText } from './changed-since-text';
import { printable } from './printable';
import type { Reporter, ReporterFactory, Screen } from './reporter';

/** Failures first, and what cannot fail a run last. */
const ORDER: readonly Verdict[] = ['incompatible', 'failed', 'timeout', 'invalid', 'drifted'];
const SHOWN_DRIFTS = 5;
const REDRAW_MS = 100;
const MAX_VALUE_LENGTH = 80;

type Colors = ReturnType<typeof colors.createColors>;

/** For a person at a terminal: a live line while it runs, then a block a failure, then totals. */
export const pretty: ReporterFactory = (screen) => {
  const paint = colors.createColors(screen.color);
  const live = screen.isTerminal ? new LiveLine(screen) : null;
  const reporter: Reporter = {
    onResult: (result, progress) => live?.update(result, progress),
    onEnd(report) {
      live?.clear();
      screen.out(format(report, paint));
    },
  };
  return reporter;
};

/** `12/40 histories · 3,100 events/s · 4 s left`, redrawn in place. */
class LiveLine {
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
    this.screen.err(`\r\u001b[2K${done}/${total ?? '?'} histories · ${rate} events/s${left}`);
  }

  clear(): void {
    this.screen.err('\r\u001b[2K');
  }
}

function format(report: DiagnosedReport, paint: Colors): string {
  const blocks = ORDER.flatMap((verdict) =>
    report.results.filter((result) => result.verdict === verdict),
  ).map((result) => block(result, paint));
  const known = [baselineText(report, paint), changedSinceText(report, paint)].filter(
    (text) => text !== null,
  );
  return `${[...blocks, ...known, totals(report, paint)].join('\n\n')}\n`;
}

function block(result: HistoryResult, paint: Colors): string {
  const mark = result.verdict === 'drifted' ? paint.yellow('~') : paint.red('✗');
  const label = result.verdict === 'drifted' ? paint.yellow(result.verdict) : paint.red(result.verdict);
  const lines = [`${mark} ${label}  ${paint.bold(printable(result.file))}`];
  const { workflowId, workflowType } = result;
  if (workflowId !== null) lines.push(field('workflow', `${workflowId} (${workflowType ?? 'type unknown'})`));
  lines.push(...divergenceLines(result), ...errorLines(result), ...driftLines(result.drift));
  return lines.join('\n');
}

function divergenceLines({ divergence }: HistoryResult): string[] {
  if (!divergence) return [];
  const { recorded, produced } = divergence;
  return [
    field('event', String(divergence.eventId)),
    field('recorded', recorded ? named(recorded.event, recorded.name) : 'no command here'),
    field('produced', produced ? named(produced.command, produced.name) : 'no command here'),
    ...(divergence.coreMessage === null ? [] : [field('core', divergence.coreMessage)]),
    field('remedy', 'guard the change with patched(), or deploy it as a new worker version'),
  ];
}

const errorLines = ({ error }: HistoryResult): string[] =>
  error ? [field('error', `${error.message} [${error.code}]`)] : [];

function driftLines(drift: readonly Drift[]): string[] {
  const lines = drift
    .slice(0, SHOWN_DRIFTS)
    .map(({ eventId, path, recorded, produced }) =>
      path === 'earlier'
        ? field('drift', `event ${eventId}: issued in an earlier workflow task than recorded`)
        : field('drift', `event ${eventId}: ${path}: ${shown(recorded)} → ${shown(produced)}`),
    );
  const more = drift.length - SHOWN_DRIFTS;
  return more > 0 ? [...lines, field('', `… and ${more} more`)] : lines;
}

function totals({ summary }: RunReport, paint: Colors): string {
  const { histories, compatible, events, durationMs, uncoveredTypes } = summary;
  const others = (['incompatible', 'failed', 'timeout', 'invalid', 'drifted'] as const)
    .filter((verdict) => summary[verdict] > 0)
    .map((verdict) => (verdict === 'drifted' ? paint.yellow : paint.red)(`${summary[verdict]} ${verdict}`));
  const seconds = (durationMs / 1000).toFixed(1);
  const counts = [paint.green(`${compatible} compatible`), ...others].join(', ');
  const lines = [
    `${histories} histories: ${counts}  (${events.toLocaleString('en')} events in ${seconds} s)`,
  ];
  if (uncoveredTypes.length > 0)
    lines.push(paint.yellow(`No history covers ${uncoveredTypes.map(printable).join(', ')}.`));
  return lines.join('\n');
}

const field = (label: string, value: string): string =>
  `    ${label.padEnd(9)} ${printable(value).replace(/\n/g, CONTINUATION)}`;
const named = (kind: string, name: string | null): string => (name === null ? kind : `${kind} ${name}`);

const CONTINUATION = `\n${' '.repeat(14)}`;

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
}
