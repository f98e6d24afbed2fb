import type { DiagnosedResult } from '../model/report';
import type { FlagArgs } from '../options/flags';
import { replayOptionsOf } from '../options/merge';
import { exitCodeOf } from '../gate/exit-code';
import { startReplayFor } from '../run/run';
import { formatRows } from '../report/text/comparison-rows';
import { paintFor } from '../report/text/paint';
import { paintVerdict } from '../report/text/verdict-style';
import { DEFAULT_COLUMNS, type Screen } from '../report/screen';
import { abortOnSignals, exitCodeOfSignal } from './terminal/signals';
import { openSources } from './options/open-sources';
import { settingsOf } from './options/settings';

/** Prints each whole history with the current code's commands beside it, for `replay show --diff`. Returns the exit code. */
export async function showDiff(args: FlagArgs<'code' | 'replay'>, screen: Screen): Promise<number> {
  const cwd = process.cwd();
  const settings = await settingsOf(args, cwd);
  const signal = abortOnSignals();
  const { histories } = await openSources(args, settings, signal);
  const options = {
    ...replayOptionsOf(settings.config),
    adviceTimeout: 0,
    histories,
    cwd,
    signal,
  };
  const replay = startReplayFor(options, { traces: 'all', contextRows: null });
  let shown = 0;
  for await (const result of replay)
    screen.print([...(shown++ === 0 ? [] : ['']), ...formatDiff(result, screen)]);
  const report = await replay.report();
  const interrupted = exitCodeOfSignal();
  if (interrupted !== null) return interrupted;
  replay.checkSources();
  replay.checkEngines();
  replay.checkJudgement();
  return exitCodeOf(report, settings.config);
}

function formatDiff(result: DiagnosedResult, { color, columns }: Screen): string[] {
  const paint = paintFor(color);
  const { file, workflowId, workflowType, verdict, diagnosis, error } = result;
  const rows = diagnosis?.rows ?? result.comparison ?? [];
  const says = diagnosis ? `: ${diagnosis.headline}` : '';
  return [
    paint.bold(file),
    `${workflowType ?? 'type unknown'} ${workflowId ?? ''}`,
    `${paintVerdict(verdict, verdict, paint)}${says}`,
    ...(error && !diagnosis ? [error.message] : []),
    '',
    ...formatRows(rows, { width: columns ?? DEFAULT_COLUMNS, paint }),
  ];
}
