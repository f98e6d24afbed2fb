import type { WrongPatchUse, WrongUse } from '../../model/patches';
import { bindingsOf } from '../../source/bindings';
import { calledName, nameOf } from '../../source/expressions';
import { isFunction } from '../../source/functions';
import type { ParsedModule } from '../../source/module-reader';
import type { Node } from '../../source/parse';
import type { CodePatchCall } from './code-patches';
import type { PatchCounts } from './patch-tally';

/** Returns the uses of one patch that do not do what their author expects, with the calls in question. */
export function wrongUsesOf(
  calls: readonly CodePatchCall[],
  { bothWays, beforeMarker, switchedOff }: Pick<PatchCounts, 'bothWays' | 'beforeMarker' | 'switchedOff'>,
): WrongUse[] {
  const placed = calls.flatMap((call) => {
    const kind = wrongPlaceOf(call);
    return kind === null ? [] : [useOf(kind, call)];
  });
  const isLoop = placed.some(({ kind }) => kind === 'loop');
  const functions = new Set(calls.map(({ call }) => call));
  const [first] = calls;
  return [
    ...placed,
    ...(functions.size > 1 && first ? [useOf('both calls', first)] : []),
    ...(switchedOff > 0 && first ? [useOf('switched off', first)] : []),
    ...(bothWays > 0 && first && !isLoop ? [useOf('loop', first)] : []),
    // In a loop, the marker of a later round explains the same.
    ...(beforeMarker > 0 && first && !isLoop ? [useOf('before its marker', first)] : []),
  ];
}

const MESSAGES: Readonly<Record<WrongPatchUse, string>> = {
  'both calls': 'patched() and deprecatePatch() are both called with this id. One of them is left over.',
  'no marker':
    'This call stands where no marker can be recorded, in a query handler, a validator or outside of any function. It cannot tell old runs from new ones.',
  loop: 'A run may come to this call several times. One that does so before and after the deploy takes the old branch first and the new one later, and needs both. Ask once, and keep the answer.',
  callback:
    'This call stands in a function that does not run at a fixed place of the workflow. Call it before, and use its result here.',
  'before its marker':
    'Runs came to this call before the task that recorded its marker, so that they take the old branch. The call was moved up after its deploy.',
  'switched off': 'patchActivationCallback keeps this patch off, so new runs take the old branch.',
  'two changes':
    'This id stands for changes of different commits. A run that passed the first before the second was deployed takes the new branch of the second. Give the later one an id of its own.',
  'swapped branches':
    'The code that came with this call stands in its old branch. The branches may be swapped.',
};

export const useOf = (kind: WrongPatchUse, { file, line, column }: CodePatchCall): WrongUse => ({
  kind,
  place: { file, line, column },
  message: MESSAGES[kind],
});

/** Returns the reason why a call is wrong where it stands; null if it is not. */
function wrongPlaceOf({ found: { node, ancestors, module } }: CodePatchCall): WrongPatchUse | null {
  const path = [...ancestors, node];
  const functions = ancestors.filter(isFunction);
  if (functions.length === 0) return 'no marker';
  for (const [index, at] of path.entries()) {
    if (!isFunction(at)) continue;
    const kind = handlerKind(path[index - 1], path[index - 2], at, module);
    if (kind !== null) return kind;
  }
  return isInLoop(path) ? 'loop' : null;
}

/** Calls that run a function they get at a time of their own, or not at all. */
const DEFERRING: ReadonlySet<string> = new Set([
  'condition',
  'setTimeout',
  'setInterval',
  'catch',
  'finally',
]);

function handlerKind(
  parent: Node | undefined,
  outer: Node | undefined,
  fn: Node,
  module: ParsedModule,
): WrongPatchUse | null {
  if (parent?.type === 'Property' && nameOf(parent.key) === 'validator' && outer?.type === 'ObjectExpression')
    return 'no marker';
  if (parent?.type !== 'CallExpression' || !parent.arguments.includes(fn as never)) return null;
  const name = calledName(parent);
  if (name === 'setHandler') return definesQuery(parent.arguments[0], module) ? 'no marker' : null;
  return DEFERRING.has(name ?? '') ? 'callback' : null;
}

function definesQuery(definition: Node | undefined, module: ParsedModule): boolean {
  if (definition?.type !== 'Identifier') return false;
  return bindingsOf(definition.name, definition, module).some(
    (binding) =>
      binding.kind === 'value' &&
      binding.node.type === 'CallExpression' &&
      calledName(binding.node) === 'defineQuery',
  );
}

const LOOPS: ReadonlySet<string> = new Set([
  'ForStatement',
  'ForOfStatement',
  'ForInStatement',
  'WhileStatement',
  'DoWhileStatement',
]);

/** Returns true if the innermost function of a path has a loop around the end of the path. */
function isInLoop(path: readonly Node[]): boolean {
  const within = path.slice(path.findLastIndex(isFunction) + 1);
  return within.some(
    // The head of a `for` loop runs once.
    (node, index) =>
      LOOPS.has(node.type) &&
      !(node.type === 'ForStatement' && node.init === within[index + 1]) &&
      !(
        (node.type === 'ForOfStatement' || node.type === 'ForInStatement') &&
        node.right === within[index + 1]
      ),
  );
}
