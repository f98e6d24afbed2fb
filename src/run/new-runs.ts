import type { Trials } from '../advice/try-change';
import type { HistorySource } from '../model/history';
import type { DiagnosedReport, DiagnosedResult } from '../model/report';

/** Plays new runs of changed code, or of the code as it is if there are no texts. The results have the commands as their comparison. */
export type PlayNewRuns = (
  texts: ReadonlyMap<string, string>,
  histories: readonly HistorySource[],
) => Promise<DiagnosedReport>;

/** Returns a function that plays the new run of a result's history. That of the code as it is, is played once. */
export function newRunsOf(
  play: PlayNewRuns,
  historiesOf: (results: readonly DiagnosedResult[]) => HistorySource[],
): Trials['newRunOf'] {
  const ofCode = new Map<string, Promise<readonly string[] | null>>();
  const played = async (
    texts: ReadonlyMap<string, string>,
    result: DiagnosedResult,
  ): Promise<readonly string[] | null> => {
    const { results } = await play(texts, historiesOf([result]));
    const rows = results.find(({ file }) => file === result.file)?.comparison;
    return rows?.map(({ produced }) => produced ?? '') ?? null;
  };
  return (texts, result) => {
    if (texts.size > 0) return played(texts, result);
    const known = ofCode.get(result.file) ?? played(texts, result);
    ofCode.set(result.file, known);
    return known;
  };
}
