import type { DiagnosedReport } from '../../src/model/report';
import type { ReporterContext, ReporterFactory } from '../../src/report/reporter';
import { openScreen } from '../../src/report/screen';

/** Returns the text that a reporter writes at the end of a run. */
export async function shownBy(
  factory: ReporterFactory,
  report: DiagnosedReport,
  context: Partial<ReporterContext> = {},
): Promise<string> {
  let shown = '';
  const streams = { out: (text: string) => void (shown += text), err: () => undefined };
  const screen = openScreen(streams, { isTerminal: false, color: false });
  await factory(screen, { cwd: '/repo', env: {}, ...context }).onEnd?.(report);
  return shown;
}
