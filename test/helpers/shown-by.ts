import type { DiagnosedReport } from '../../src/model/report';
import type { ReporterContext, ReporterFactory } from '../../src/report/reporter';

/** Returns the text that a reporter writes at the end of a run. */
export async function shownBy(
  factory: ReporterFactory,
  report: DiagnosedReport,
  context: Partial<ReporterContext> = {},
): Promise<string> {
  let shown = '';
  const screen = {
    out: (text: string) => void (shown += text),
    err: () => undefined,
    isTerminal: false,
    color: false,
  };
  await factory(screen, { cwd: '/repo', env: {}, ...context }).onEnd?.(report);
  return shown;
}
