import type { DiagnosedReport } from '../../model/report';
import { pretty } from '../../report/reporters/pretty';
import { openScreen } from '../../report/screen';

const COLUMNS = 100;

/** Formats a report as `replay run` prints it, without colour. */
export function replayText(report: DiagnosedReport, cwd: string): string {
  let text = '';
  const streams = { out: (part: string) => void (text += part), err: () => undefined };
  const screen = openScreen(streams, { isTerminal: false, color: false, columns: COLUMNS });
  void pretty(screen, { cwd, env: {} }).onEnd?.(report);
  return text.trimEnd();
}
