import type { SourceLocation } from '../model/source';
import { bindingsOf } from '../source/bindings';
import type { BundledSources } from '../source/bundled-sources';
import { calleeText } from '../source/expressions';
import { type FunctionNode, isFunction } from '../source/functions';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import { walk } from '../source/walk';

/** A call that draws a random number where a replay does not run the code, so that all later numbers and ids are others. */
export interface HiddenDraw {
  /** The file is an absolute path. */
  location: SourceLocation;
  in: 'query handler' | 'update validator';
}

/** Returns the first call that draws a random number in a query handler or in the validator of an update. */
export function hiddenDraw(sources: BundledSources): HiddenDraw | null {
  for (const path of sources.files()) {
    const syntax = sources.syntaxOf(path);
    if (!syntax) continue;
    const module: ParsedModule = { path, program: syntax.program };
    for (const node of walk(syntax.program)) {
      if (node.type !== 'CallExpression' || !/(^|\.)setHandler$/.test(calleeText(node))) continue;
      const [definition, handler, options] = node.arguments;
      const query = definition && isQuery(definition, module) ? drawIn(handler, module) : null;
      if (query) return { location: query, in: 'query handler' };
      const validator = drawIn(validatorOf(options), module);
      if (validator) return { location: validator, in: 'update validator' };
    }
  }
  return null;
}

function isQuery(definition: Node, module: ParsedModule): boolean {
  const values =
    definition.type === 'Identifier'
      ? bindingsOf(definition.name, definition, module).flatMap((binding) =>
          binding.kind === 'value' ? [binding.node] : [],
        )
      : [definition];
  return values.some((node) => node.type === 'CallExpression' && /(^|\.)defineQuery$/.test(calleeText(node)));
}

function validatorOf(options: Node | undefined): Node | undefined {
  if (options?.type !== 'ObjectExpression') return undefined;
  const property = options.properties.find(
    (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === 'validator',
  );
  return property?.type === 'Property' ? property.value : undefined;
}

function drawIn(handler: Node | undefined, module: ParsedModule): SourceLocation | null {
  for (const fn of functionsOf(handler, module))
    for (const node of walk(fn)) {
      if (node.type !== 'CallExpression' || !/^Math\.random$|(^|\.)uuid4$/.test(calleeText(node))) continue;
      const { line, column } = node.loc.start;
      return { file: module.path, line, column: column + 1, function: null };
    }
  return null;
}

function functionsOf(node: Node | undefined, module: ParsedModule): FunctionNode[] {
  if (!node) return [];
  if (isFunction(node)) return [node];
  if (node.type !== 'Identifier') return [];
  return bindingsOf(node.name, node, module).flatMap((binding) => {
    if (binding.kind === 'function') return [binding.node];
    return binding.kind === 'value' && isFunction(binding.node) ? [binding.node] : [];
  });
}
