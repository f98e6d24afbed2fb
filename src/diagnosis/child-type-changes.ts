import type { TSESTree } from '@typescript-eslint/types';
import type { RemedyChange, ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import { type Splice, applySplices, editsBetween } from '../patching/splices';
import { applyEdits } from '../patching/text-edits';
import { workflowCallIn } from '../patching/workflow-call';
import type { BundledSources } from '../source/bundled-sources';
import { calleeText } from '../source/expressions';
import { isPlainText } from '../source/names-in-code';
import { pathTo } from '../source/statements';

/** A call that starts a child workflow whose function has another name than the recorded type. */
interface ChildCall {
  file: string;
  text: string;
  call: TSESTree.CallExpression;
  now: string;
  old: string;
}

/**
 * Returns the change that names a child workflow by the type that a run has recorded, and by the new one for new runs; null if
 * the call does not name a function. A function exported under two names has one type when it is passed itself.
 */
export function childTypeBehindPatch(
  trace: ReplayTrace,
  place: SourceLocation | null,
  patchId: string,
  sources: BundledSources,
): RemedyChange | null {
  const found = childCall(trace, place, sources);
  if (!found) return null;
  const { file, text, now, old } = found;
  const { expression } = workflowCallIn(text.split('\n'), file, 'patched', patchId);
  return withType(found, `${expression} ? '${now}' : '${old}'`, (lines) =>
    applyEdits(lines, workflowCallIn(lines, file, 'patched', patchId).edits),
  );
}

/** Returns the change that names a child workflow by the type that a run has recorded; null if the call does not name a function. */
export function childTypeOfBefore(
  trace: ReplayTrace,
  place: SourceLocation | null,
  sources: BundledSources,
): RemedyChange | null {
  const found = childCall(trace, place, sources);
  return found && withType(found, `'${found.old}'`, (lines) => lines.join('\n'));
}

function childCall(
  { kind, recorded, produced }: ReplayTrace,
  place: SourceLocation | null,
  sources: BundledSources,
): ChildCall | null {
  const [old, now] = [recorded?.name, produced?.name];
  if (kind !== 'renamed' || recorded?.kind !== 'child' || !place || !old || !now || !isPlainText(old))
    return null;
  const text = sources.textOf(place.file);
  const syntax = sources.syntaxOf(place.file);
  if (text === null || !syntax) return null;
  const call = pathTo(syntax.program, place).findLast(
    (node) => node.type === 'CallExpression' && /(^|\.)(execute|start)Child$/.test(calleeText(node)),
  ) as TSESTree.CallExpression | undefined;
  const [type] = call?.arguments ?? [];
  return call && type?.type === 'Identifier' && type.name === now
    ? { file: place.file, text, call, now, old }
    : null;
}

function withType(
  { file, text, call, now }: ChildCall,
  type: string,
  finish: (lines: string[]) => string,
): RemedyChange {
  const [argument] = call.arguments;
  const [start, end] = argument!.range;
  const at = call.callee.range[1];
  const isTyped = /\.[cm]?tsx?$/.test(file) && text[at] !== '<';
  const splices: Splice[] = [
    ...(isTyped ? [{ start: at, end: at, text: `<typeof ${now}>` }] : []),
    { start, end, text: type },
  ];
  const changed = applySplices(text, splices);
  const edits = editsBetween(text, finish(changed.split('\n'))).map((edit) => ({ file, ...edit }));
  const line = changed.split('\n')[call.loc.start.line - 1] ?? '';
  return { snippet: line.trim(), edits };
}
