import { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import type { TSESTree } from '@typescript-eslint/types';
import type { Definition, Reference } from 'eslint-scope';
import { NAMESPACE, contains, importedName, requiredModule, scopesIn } from './bindings';
import { exportsOf } from './exports';
import { calledName, keyOf, memberText } from './expressions';
import type { ParsedModule } from './module-reader';
import { isInPackage } from './own-source';
import type { Node } from './parse';
import type { ModuleAccess } from './static-expressions';
import { walk } from './walk';

/** A statement at the top of a module. */
interface Unit {
  module: ParsedModule;
  statement: Node;
}

/** The code that a unit may run: other units, or any code at all if an import leads to a place that is not known. */
interface Uses {
  units: readonly Unit[];
  isAnything: boolean;
}

/**
 * Finds the code that a function may run, by the names that its statement mentions, those that these mention, and so on. More code
 * may be found than runs, never less: an import that leads to no known module leads to all of them.
 */
export class CodeReach {
  private readonly unitsByModule = new Map<ParsedModule, Unit[]>();
  private readonly uses = new Map<Unit, Uses>();
  private readonly effects = new Map<ParsedModule, Unit[]>();

  /** @param access gives the own modules of a bundle */
  constructor(private readonly access: ModuleAccess) {}

  /**
   * Returns which statements an export of a module may run; null if all may, or if the module has no such export.
   */
  of(module: ParsedModule, name: string): ReadonlySet<Node> | null {
    const reached = new Set<Unit>();
    const left: Unit[] = this.exported(module, name, new Set());
    if (left.length === 0) return null;
    for (let unit = left.pop(); unit; unit = left.pop()) {
      if (reached.has(unit)) continue;
      reached.add(unit);
      const { units, isAnything } = this.usesOf(unit);
      if (isAnything) return null;
      left.push(...units, ...this.effectsOf(unit.module));
    }
    return new Set([...reached].map(({ statement }) => statement));
  }

  private unitsOf(module: ParsedModule): Unit[] {
    const known = this.unitsByModule.get(module);
    if (known) return known;
    const units = module.program.body.map((statement) => ({ module, statement }));
    this.unitsByModule.set(module, units);
    return units;
  }

  /** Returns the statements that run when a module and those that it imports are loaded: they may hand functions to others. */
  private effectsOf(module: ParsedModule): Unit[] {
    const known = this.effects.get(module);
    if (known) return known;
    const found: Unit[] = [];
    // Modules that import each other come back to this list while it is made.
    this.effects.set(module, found);
    for (const unit of this.unitsOf(module)) {
      const { statement } = unit;
      if (!DECLARATIONS.has(statement.type) && !isCommonJsExport(statement)) found.push(unit);
      const imported = this.moduleOf(sourceOf(statement), module);
      if (imported) found.push(...this.effectsOf(imported));
    }
    return found;
  }

  private usesOf(unit: Unit): Uses {
    const known = this.uses.get(unit);
    if (known) return known;
    const found = this.findUses(unit);
    this.uses.set(unit, found);
    return found;
  }

  private findUses({ module, statement }: Unit): Uses {
    const named = namedOnlyIn(statement);
    const found = [
      ...referencesIn(module)
        .filter(({ identifier }) => contains(statement, identifier as Node))
        .filter(({ identifier }) => !named.some((node) => contains(node, identifier as Node)))
        .flatMap(({ identifier, resolved }) =>
          (resolved?.defs ?? []).map((definition) =>
            this.definedBy(definition, module, { at: identifier as Node, within: statement }),
          ),
        ),
      ...[...walk(statement)].flatMap((node) => {
        const specifier = requiredModule(node);
        return specifier === null ? [] : [this.imported(specifier, module, null)];
      }),
    ];
    return {
      units: [...new Set(found.flatMap((units) => units ?? []))],
      isAnything: found.includes(null),
    };
  }

  /** Returns the units that a name leads to; null if that is not known. */
  private definedBy(
    { type, name, node, parent }: Definition,
    module: ParsedModule,
    place: { at: Node; within: Node } | null,
  ): readonly Unit[] | null {
    if (type !== 'ImportBinding')
      return this.unitsOf(module).filter(({ statement }) => contains(statement, name as Node));
    const declaration = parent as unknown as TSESTree.ImportDeclaration;
    if (declaration.importKind === 'type') return [];
    const imported = importedName(node as never);
    const member = imported !== NAMESPACE ? imported : place && memberAt(place.at, place.within);
    return this.imported(declaration.source.value, module, member);
  }

  /** Returns the units behind an import, of all exports if no name is given: none for a package, null if the module is not known. */
  private imported(specifier: string, from: ParsedModule, name: string | null): readonly Unit[] | null {
    const module = this.moduleOf(specifier, from);
    if (module === null) return isOfPackage(specifier, from.path) ? [] : null;
    const units = name === null ? [] : this.exported(module, name, new Set());
    return units.length > 0 ? units : this.unitsOf(module);
  }

  private moduleOf(specifier: string | null, from: ParsedModule): ParsedModule | null {
    const path = specifier === null ? null : this.access.resolve(specifier, from.path);
    return path === null ? null : this.access.read(path);
  }

  /** Returns the units that define an export; empty if it is not found. */
  private exported(module: ParsedModule, name: string, seen: Set<string>): Unit[] {
    const key = `${name} ${module.path}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return exportsOf(name, module).flatMap((one): readonly Unit[] => {
      if ('node' in one) return this.exportedAs(one.node, module);
      const other = this.moduleOf(one.specifier, module);
      return other === null ? [] : this.exported(other, one.name, seen);
    });
  }

  /** Returns the units of what an export stands for: for `export { name }`, those that declare the name. */
  private exportedAs(node: Node, module: ParsedModule): readonly Unit[] {
    const own = this.unitsOf(module).filter(({ statement }) => contains(statement, node));
    if (node.type !== 'Identifier' || own.some(({ statement }) => declares(statement))) return own;
    const variable = scopesIn(module)
      .slice(0, 2)
      .flatMap((scope) => scope.set.get(node.name) ?? [])[0];
    const found = (variable?.defs ?? []).flatMap(
      (definition) => this.definedBy(definition, module, null) ?? [],
    );
    return found.length > 0 ? found : own;
  }
}

/** Statements that only declare: what they contain runs if it is used. */
const DECLARATIONS: ReadonlySet<string> = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportDefaultDeclaration',
  'ExportAllDeclaration',
  'FunctionDeclaration',
  'VariableDeclaration',
  'ClassDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'TSEnumDeclaration',
  'TSModuleDeclaration',
  'TSDeclareFunction',
]);

/** Returns true for `export function f` and `export const f`, which declare what they export. */
const declares = (statement: Node): boolean =>
  statement.type === 'ExportNamedDeclaration' && statement.declaration !== null;

const isCommonJsExport = (statement: Node): boolean =>
  statement.type === 'ExpressionStatement' &&
  statement.expression.type === 'AssignmentExpression' &&
  /^(module\.)?exports(\.|$)/.test(memberText(statement.expression.left));

/** Returns the module that a statement imports or passes on; null if it does neither, or imports types alone. */
function sourceOf(statement: Node): string | null {
  switch (statement.type) {
    case 'ImportDeclaration':
      return statement.importKind === 'type' ? null : statement.source.value;
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return statement.exportKind === 'type' ? null : (statement.source?.value ?? null);
    default:
      return null;
  }
}

const referencesIn = (module: ParsedModule): readonly Reference[] =>
  scopesIn(module).flatMap(({ references }) => references);

/** Functions of the workflow package that take a workflow function for its name. */
const BY_NAME: ReadonlySet<string> = new Set(['executeChild', 'startChild', 'makeContinueAsNewFunc']);

/** Returns the parts of a statement whose names are not run there: workflows that are started, and types. */
const namedOnlyIn = (statement: Node): Node[] =>
  [...walk(statement)].flatMap((node): Node[] => {
    if (node.type === 'TSTypeQuery') return [node];
    if (node.type !== 'CallExpression') return [];
    const [workflow] = node.arguments;
    return workflow && BY_NAME.has(calledName(node) ?? '') ? [workflow] : [];
  });

/** Returns the member that is read from a name in a statement, as `charge` in `payments.charge(…)`; null for another use. */
function memberAt(name: Node, within: Node): string | null {
  for (const node of walk(within))
    if (node.type === 'MemberExpression' && node.object === name) return keyOf(node);
  return null;
}

/** Returns true for an import of Node or of an installed package, whose code does not name that of the service. */
function isOfPackage(specifier: string, from: string): boolean {
  if (isBuiltin(specifier)) return true;
  const name = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
  if (name === undefined || name.startsWith('.')) return false;
  // A package may not let itself be resolved by `require`, so its directory decides.
  for (let dir = dirname(from); ; dir = dirname(dir)) {
    try {
      return isInPackage(`${realpathSync(join(dir, 'node_modules', name))}/`);
    } catch {
      if (dir === dirname(dir)) return false;
    }
  }
}
