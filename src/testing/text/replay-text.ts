import type { DiagnosedReport } from '../../model/report';
import { pretty } from '../../report/reporters/pretty';

const COLUMNS = 100;

/** Formats a report as `replay run` prints it, without colour. */
export function replayText(report: DiagnosedReport, cwd: string): string {
  const lines: string[] = [];
  const screen = {
    isTerminal: false,
    color: false,
    columns: COLUMNS,
    out: (text: string) => void lines.push(text),
    err: () => undefined,
  };
  void pretty(screen, { cwd, env: {} }).onEnd?.(report);
  return lines.join('').trimEnd();
}
