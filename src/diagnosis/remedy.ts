import type { ProposedRemedy, RemedyChange, ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { FoundCause } from '../model/cause';
import type { HistoryResult } from '../model/verdict';
import type { BundledSources } from '../source/bundled-sources';

/** A difference, and the sources to make its remedies from. */
export interface RemedyContext {
  result: HistoryResult;
  trace: ReplayTrace;
  place: SourceLocation | null;
  /** The callers of the place, innermost first. */
  callers: readonly SourceLocation[];
  /** The change that makes the histories break, with absolute paths; null if it is not known. */
  cause: FoundCause | null;
  sources: BundledSources;
  workflowTypes: readonly string[];
  /** The directory that files of reports are relative to. */
  cwd: string;
}

/** The form in which a remedy can be carried out. Without any, it is words alone. */
export interface RemedyForm {
  /** Command line to run. */
  command?: string;
  /** Ways to write its code, the likeliest first. */
  changes?: readonly RemedyChange[];
  /** Id of the patch that the code has lost. */
  patchId?: string;
}

/** Returns a remedy. Its code is not tried yet. */
export function remedy(
  code: ProposedRemedy['code'],
  title: string,
  text: string,
  { command, changes: [first, ...alternatives] = [], patchId }: RemedyForm = {},
): ProposedRemedy {
  const { snippet, edits } = first ?? { snippet: command ?? null, edits: [] };
  const found = { code, title, text, snippet, edits, alternatives, trial: null };
  return patchId === undefined ? found : { ...found, patchId };
}
