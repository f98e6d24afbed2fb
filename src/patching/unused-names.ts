import type { TSESTree } from '@typescript-eslint/types';
import { isExportOf, requiredModule, scopesIn } from '../source/bindings';
import { withoutWrappers } from '../source/expressions';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { isStatic } from './expression-text';
import { isWithin, mentionsOf } from './mentions';
import { type Splice, applySplices } from './splices';
import { type Draft, commentsAbove, draftOf, placeOf, removed, withoutItem } from './statement-text';
import { WORKFLOW_PACKAGE } from './workflow-call';

/** A name at the top of a module that can go if nothing uses it. */
interface Removable {
  name: string;
  /** The part of the text that declares it. */
  declaredBy: Node;
  remove(): Splice[];
}

/** Takes out the imports and the declarations that were used in a text before, and are used nowhere in it now. */
export function withoutUnusedNames(before: Draft, after: Draft): Draft {
  const used = new Set(
    removablesIn(before)
      .filter((one) => isUsed(one, before))
      .map(({ name }) => name),
  );
  let draft = after;
  for (;;) {
    const unused = removablesIn(draft).find((one) => used.has(one.name) && !isUsed(one, draft));
    const next = unused && draftOf(applySplices(draft.text, unused.remove()), draft.module.path);
    if (!next) return draft;
    draft = next;
  }
}

function isUsed({ name, declaredBy }: Removable, { module }: Draft): boolean {
  const variable = scopesIn(module)
    .find(({ type }) => type === 'module')
    ?.set.get(name);
  return mentionsOf(new Set([name]), module).some(
    (mention) =>
      !isWithin(mention.node, declaredBy.range) &&
      (mention.variable === null || mention.variable === (variable ?? null)),
  );
}

const removablesIn = (draft: Draft): Removable[] =>
  draft.module.program.body.flatMap((statement) => removablesOf(statement, draft));

function removablesOf(statement: Node, draft: Draft): Removable[] {
  const remove = (): Splice[] => whole(statement, draft);
  switch (statement.type) {
    case 'ImportDeclaration':
      return statement.specifiers.map((one, n) => ({
        name: one.local.name,
        declaredBy: one,
        remove: () => withoutSpecifier(statement, n, draft),
      }));
    case 'TSImportEqualsDeclaration':
      // `export import` declares an export.
      return (statement as { isExport?: boolean }).isExport
        ? []
        : [{ name: statement.id.name, declaredBy: statement, remove }];
    case 'FunctionDeclaration':
      return statement.id ? [{ name: statement.id.name, declaredBy: statement, remove }] : [];
    case 'VariableDeclaration':
      return statement.declarations.flatMap((one) => variablesOf(one, statement, draft));
    default:
      return [];
  }
}

/** Takes out a statement. Comments above an import are often those of the file. */
function whole(statement: Node, draft: Draft): Splice[] {
  const isImport = /^(?:TS)?Import/.test(statement.type);
  const top = isImport ? undefined : commentsAbove(draft.text, statement.range[0]);
  return removed(draft, placeOf(statement, [draft.module.program]), { top });
}

function withoutSpecifier(statement: TSESTree.ImportDeclaration, n: number, draft: Draft): Splice[] {
  const { specifiers } = statement;
  const { text } = draft;
  const [first] = specifiers;
  if (specifiers.length === 1) return whole(statement, draft);
  const isDefault = n === 0 && first!.type === 'ImportDefaultSpecifier';
  const named = specifiers.filter(({ type }) => type === 'ImportSpecifier');
  if (isDefault) {
    const [start, end] = first!.range;
    return [{ start, end: end + /^\s*,\s*/.exec(text.slice(end))![0].length, text: '' }];
  }
  // A default import stays without its list.
  if (named.length <= 1)
    return [{ start: first!.range[1], end: text.lastIndexOf('from', statement.source.range[0]), text: ' ' }];
  return [withoutItem(text, named, named.indexOf(specifiers[n] as TSESTree.ImportSpecifier))];
}

function variablesOf(
  declarator: TSESTree.VariableDeclarator,
  statement: TSESTree.VariableDeclaration,
  draft: Draft,
): Removable[] {
  const { id, init } = declarator;
  const { declarations } = statement;
  if (!init || !isFreeOfEffects(init, draft)) return [];
  const remove = (): Splice[] =>
    declarations.length === 1
      ? whole(statement, draft)
      : [withoutItem(draft.text, declarations, declarations.indexOf(declarator as never))];
  if (id.type === 'Identifier') return [{ name: id.name, declaredBy: declarator, remove }];
  if (id.type !== 'ObjectPattern' || id.properties.some(({ type }) => type === 'RestElement')) return [];
  return id.properties.flatMap((property, n) => {
    const isPlain =
      property.type === 'Property' && !property.computed && property.value.type === 'Identifier';
    if (!isPlain) return [];
    const { name } = property.value as TSESTree.Identifier;
    const removeOne = (): Splice[] =>
      id.properties.length === 1 ? remove() : [withoutItem(draft.text, id.properties, n)];
    return [{ name, declaredBy: property, remove: removeOne }];
  });
}

/** Returns true for a function, a constant, a required module, and the proxies of activities. */
function isFreeOfEffects(init: Node, { module }: Draft): boolean {
  const value = withoutWrappers(init);
  if (isFunction(value) || isStatic(value) || requiredModule(value) !== null) return true;
  if (value.type !== 'CallExpression') return false;
  return ['proxyActivities', 'proxyLocalActivities'].some((name) =>
    isExportOf(value.callee, WORKFLOW_PACKAGE, name, module),
  );
}
