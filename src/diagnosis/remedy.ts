import type { Remedy, ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { HistoryResult } from '../model/verdict';
import type { BundledSources } from '../source/bundled-sources';

/** A difference, and the sources to make its remedies from. */
export interface RemedyContext {
  result: HistoryResult;
  trace: ReplayTrace;
  place: SourceLocation | null;
  /** The callers of the place, innermost first. */
  callers: readonly SourceLocation[];
  sources: BundledSources;
  workflowTypes: readonly string[];
  /** The directory that files of reports are relative to. */
  cwd: string;
}

/** Returns a remedy; without a snippet and edits, unless they are given. */
export const remedy = (
  code: Remedy['code'],
  title: string,
  text: string,
  { snippet = null, edits = [] }: Partial<Pick<Remedy, 'snippet' | 'edits'>> = {},
): Remedy => ({ code, title, text, snippet, edits });
