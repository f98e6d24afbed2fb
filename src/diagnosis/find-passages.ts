import type { ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import type { BundledSources } from '../source/bundled-sources';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { pathTo } from '../source/statements';
import { isPartOf, passageFromChange, passagesElsewhere } from './changed-passages';
import { lastChangesOf } from './last-changes';
import type { ChangedFile, Passage } from './passage';
import { passageFromCalls } from './passage-from-calls';

/**
 * Yields the passages that may be the change behind a difference, the likeliest first. `places` are the call that made the
 * difference and its callers.
 */
export async function* findPassages(
  trace: ReplayTrace,
  places: readonly SourceLocation[],
  sources: BundledSources,
): AsyncGenerator<Passage> {
  const changes = new Map<string, ChangedFile>();
  for (const { file } of places) {
    const text = sources.textOf(file);
    const syntax = sources.syntaxOf(file);
    if (text === null || !syntax || changes.has(file)) continue;
    const lines = text.split('\n');
    changes.set(file, { file, lines, program: syntax.program, hunks: await lastChangesOf(file) });
  }
  const seen = new Set<Node>();
  for (const [depth, place] of places.entries()) {
    const change = changes.get(place.file);
    if (!change) continue;
    for (const scope of pathTo(change.program, place).filter(isFunction).reverse()) {
      seen.add(scope);
      const passage = passageFromChange(change, scope, isPartOf(change, trace, place, depth));
      if (passage) yield passage;
    }
  }
  // A missing call may have been in a function other than those of the calls before and after it.
  if (trace.removed.length > 0)
    for (const change of changes.values()) yield* passagesElsewhere(change, trace, seen);
  const issuing = places[Math.max(0, trace.isShared.indexOf(false))];
  const isOnlyShared = trace.isShared.length > 0 && !trace.isShared.includes(false);
  const change = issuing && changes.get(issuing.file);
  const passage = change && !isOnlyShared ? passageFromCalls(change, trace, issuing) : null;
  if (passage) yield passage;
}
