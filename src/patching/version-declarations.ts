import type { TSESTree } from '@typescript-eslint/types';
import { isFunction } from '../source/functions';
import type { Node } from '../source/parse';
import { readsOf } from '../source/references';
import type { Visited } from '../source/walk';
import { chosen } from './choice';
import { type ChangedModule, changedUnits } from './changed-units';
import { guardSplices } from './guard';
import { importedFile } from '../source/imported-file';
import {
  type ImportedName,
  type ModuleUnits,
  type Unit,
  importText,
  namesMentionedIn,
  unitNamed,
  unitsOf,
} from './module-units';
import { type Names, copyOf, renamedText, replaceRead } from './old-copy';
import { type Splice, applySplices } from './splices';
import { applyEdits } from './text-edits';
import { workflowCallIn } from './workflow-call';

/** The changed code of a bundle. */
export interface ChangedCode {
  /** Paths of the user's own files in the bundle. */
  files: readonly string[];
  /** Returns the text of a file now, or null if it is not there. */
  textOf(path: string): string | null;
  /** The texts of changed files before the change. */
  before: ReadonlyMap<string, string>;
  /** Their texts before all changes, for what the old code needs and another change removed, such as an import. */
  earlier?: ReadonlyMap<string, string>;
}

/**
 * Keeps the changed declarations as they were beside the new ones, and chooses between them with `patched()`: a function at its
 * start, a value where functions read it. Returns the new texts of files; null if the change cannot be expressed like this.
 */
export function versionDeclarations(code: ChangedCode, patchId: string): Map<string, string> | null {
  const modules = new Modules(code);
  for (const path of code.before.keys()) if (!modules.open(path)) return null;
  modules.spread();
  const texts = new Map<string, string>();
  for (const module of modules.all()) {
    const text = module.versioned(patchId);
    if (text === null) return null;
    if (text !== module.now.text) texts.set(module.now.module.path, text);
  }
  return texts.size === 0 ? null : texts;
}

/** A value that has a version, as it was. */
interface OldValue {
  /** Name of the version. */
  name: string;
  /** The old declaration and its module; null for a name that is imported from another versioned module. */
  from: { unit: Unit; module: ModuleUnits } | null;
  /** The import that led to the value. */
  imported: ImportedName | null;
  isExported: boolean;
}

/** An old declaration in the text of a module. */
interface Copy {
  /** The statement that it stands behind. */
  after: Node;
  copy: string;
  /** The old declaration, if it may name what the module no longer has. */
  mentioned: Node | null;
}

/** The modules that have versions of declarations. */
class Modules {
  private readonly opened = new Map<string, VersionedModule>();

  constructor(private readonly code: ChangedCode) {}

  all(): VersionedModule[] {
    return [...this.opened.values()];
  }

  /** Reads a changed module. Returns false if it cannot be parsed. */
  open(path: string): boolean {
    const text = this.code.textOf(path);
    const now = text === null ? null : unitsOf(text, path);
    const before = unitsOf(this.code.before.get(path) ?? '', path);
    if (!now || !before) return false;
    const earlier = unitsOf(this.code.earlier?.get(path) ?? '', path);
    const module = new VersionedModule(now, before, earlier);
    this.opened.set(path, module);
    module.addChanges({ now, before });
    return true;
  }

  /** Follows values to what is made of them, in their modules and in those that import them. */
  spread(): void {
    const left = this.all();
    for (let module = left.shift(); module; module = left.shift()) {
      module.spreadWithin();
      for (const name of module.namesToShare()) {
        for (const importer of this.importersOf(module, name))
          if (!left.includes(importer)) left.push(importer);
      }
    }
  }

  private importersOf(module: VersionedModule, name: string): VersionedModule[] {
    const { path } = module.now.module;
    return this.code.files.flatMap((file) => {
      if (file === path || !this.code.textOf(file)?.includes(name)) return [];
      const known = this.opened.get(file);
      const now = known?.now ?? unitsOf(this.code.textOf(file) ?? '', file);
      const imported = now?.imports.filter(
        (one) =>
          (one.imported === name || one.imported === '*') &&
          importedFile(one.specifier, file, this.code.files) === path,
      );
      if (!now || !imported || imported.length === 0) return [];
      const importer = known ?? new VersionedModule(now, null);
      this.opened.set(file, importer);
      const isNew = imported.map((one) => importer.addImported(one, name, module.share(name))).includes(true);
      return isNew ? [importer] : [];
    });
  }
}

/** A module in the making, with versions of some of its declarations. */
class VersionedModule {
  private readonly functions: { now: Unit; before: Unit; name: string }[] = [];
  private readonly values = new Map<string, OldValue>();
  /** Versioned members of imported namespaces. */
  private readonly members = new Map<string, Map<string, string>>();
  private readonly taken: Set<string>;
  private readonly shared = new Set<string>();

  constructor(
    readonly now: ModuleUnits,
    private readonly before: ModuleUnits | null,
    private readonly earlier: ModuleUnits | null = null,
  ) {
    this.taken = namesMentionedIn(now.module.program);
  }

  addChanges(changed: ChangedModule): void {
    const { functions, values, imports } = changedUnits(changed);
    for (const one of functions) this.functions.push({ ...one, name: this.nameFor(one.now.names[0]!) });
    for (const [name, unit] of values) this.addValue(name, { unit, module: changed.before }, null);
    for (const [name, one] of imports) this.addValue(name, null, one);
  }

  private addValue(name: string, from: OldValue['from'], imported: OldValue['imported']): void {
    this.values.set(name, { name: this.nameFor(name), from, imported, isExported: false });
  }

  /** Adds a name that leads to a versioned value of another module. Returns false if it is known. */
  addImported({ local, imported, ...rest }: ImportedName, name: string, version: string): boolean {
    if (imported === '*') {
      const members = this.members.get(local) ?? new Map<string, string>();
      this.members.set(local, members);
      return members.size !== members.set(name, version).size;
    }
    if (this.values.has(local)) return false;
    this.addValue(local, null, { local, imported: version, ...rest });
    return true;
  }

  /** Adds the values that are made of versioned ones while the module is loaded. */
  spreadWithin(): void {
    for (let size = -1; size !== this.values.size;) {
      size = this.values.size;
      for (const { ancestors } of this.reads()) {
        if (ancestors.some(isFunction)) continue;
        const unit = this.now.units.find(({ statement }) => ancestors.includes(statement));
        for (const name of unit?.kind === 'value' ? unit.names : [])
          if (!this.values.has(name)) this.addValue(name, { unit: unit!, module: this.now }, null);
      }
    }
  }

  /** Returns the versioned values that other modules can import and that were not shared before. */
  namesToShare(): string[] {
    return [...this.values.keys()].filter((name) => !this.shared.has(name) && this.isExported(name));
  }

  /** Exports the version of a value. Returns its name. */
  share(name: string): string {
    this.shared.add(name);
    const value = this.values.get(name)!;
    value.isExported = true;
    return value.name;
  }

  /** Returns the text with the versions in it; null if the change cannot be expressed. */
  versioned(patchId: string): string | null {
    const { text, module } = this.now;
    const condition = workflowCallIn(text.split('\n'), module.path, 'patched', patchId).expression;
    const guards = this.functions.map((one) =>
      guardSplices(one.now.fn!, one.before.fn!, this.now, { condition, callee: one.name }),
    );
    if (guards.includes(null)) return null;
    const reads = this.reads().filter(({ ancestors }) => this.isChosenHere(ancestors));
    if (reads.some(({ node, ancestors }) => isWritten(node, ancestors.at(-1)))) return null;
    const result = applySplices(text, [
      ...guards.flatMap((splices) => splices!),
      ...reads.map((read) => this.choice(read, condition)),
      ...this.copies(patchId),
    ]);
    const lines = result.split('\n');
    const { expression, edits } = workflowCallIn(lines, module.path, 'patched', patchId);
    return expression === condition && result.includes(condition) ? applyEdits(lines, edits) : result;
  }

  /** Returns true for a read within a function that has no version of its own. */
  private isChosenHere(ancestors: readonly Node[]): boolean {
    return ancestors.some(isFunction) && !this.functions.some(({ now }) => ancestors.includes(now.statement));
  }

  private choice({ node, ancestors }: Visited, condition: string): Splice {
    const parent = ancestors.at(-1);
    const { name } = node as TSESTree.Identifier;
    const members = this.members.get(name);
    if (members && parent?.type === 'MemberExpression') {
      const [start, end] = parent.range;
      const member = (parent.property as TSESTree.Identifier).name;
      return {
        start,
        end,
        text: chosen(
          condition,
          [`${name}.${member}`, `${name}.${members.get(member)}`],
          parent,
          ancestors.at(-2),
        ),
      };
    }
    return replaceRead(node, parent, chosen(condition, [name, this.values.get(name)!.name], node, parent));
  }

  /** Returns where the module reads versioned values, its own and those of imported namespaces. */
  private reads(): Visited[] {
    const names = new Set([...this.values.keys(), ...this.members.keys()]);
    return readsOf(names, this.now.module).filter(({ node, ancestors }) => {
      const members = this.members.get((node as TSESTree.Identifier).name);
      const parent = ancestors.at(-1);
      if (!members) return true;
      return (
        parent?.type === 'MemberExpression' &&
        parent.object === node &&
        parent.property.type === 'Identifier' &&
        members.has(parent.property.name)
      );
    });
  }

  /** Returns the splices that put the old declarations beside the new ones. */
  private copies(patchId: string): Splice[] {
    const { text } = this.now;
    const comment = `// Runs from before the patch '${patchId}' go this way.`;
    const copies = [
      ...this.functions.map(({ now, before, name }) => ({
        after: now.statement,
        copy: `\n\n${comment}\n${copyOf(before, this.before!, new Map([[now.names[0]!, name]]), this.renames())}`,
        mentioned: before.declaration,
      })),
      ...this.importCopies(),
      ...this.valueCopies(),
    ];
    const restored = this.restored(copies.flatMap(({ mentioned }) => mentioned ?? []));
    return [
      ...restored,
      ...copies.map(({ after, copy }) => {
        const at = endOfLine(text, after.range[1]);
        return { start: at, end: at, text: copy };
      }),
    ];
  }

  private renames(): Names {
    return new Map([...this.values].map(([name, value]) => [name, value.name]));
  }

  private importCopies(): Copy[] {
    return [...this.values].flatMap(([name, { imported, name: version }]) => {
      if (!imported) return [];
      const { statement } = this.now.imports.find(({ local }) => local === name)!;
      return [{ after: statement, copy: `\n${importText(imported, version)}`, mentioned: null }];
    });
  }

  /** Returns the old values. Those of one declaration stay together. */
  private valueCopies(): Copy[] {
    const copies: Copy[] = [];
    const units = new Set([...this.values.values()].flatMap(({ from }) => from?.unit ?? []));
    for (const unit of units) {
      const own = [...this.values].filter(([, { from }]) => from?.unit === unit);
      const { module } = own[0]![1].from!;
      const isExported = own.some(([, value]) => value.isExported);
      const names = new Map(own.map(([name, value]) => [name, value.name]));
      const copy = copyOf(unit, module, names, this.renames());
      copies.push({
        after: unitNamed(this.now, own[0]![0])!.statement,
        copy: `\n${isExported ? copy.replace(/^(?=const |class |enum )/gm, 'export ') : copy}`,
        mentioned: module === this.now ? null : unit.declaration,
      });
    }
    return copies;
  }

  /** Returns the splices that bring back what old declarations need and the module no longer has. */
  private restored(needed: readonly Node[]): Splice[] {
    const { before, now } = this;
    if (!before) return [];
    const left = [...needed];
    const units = new Set<Unit>();
    const imports = new Map<string, ImportedName>();
    for (let node = left.shift(); node; node = left.shift())
      for (const name of namesMentionedIn(node)) {
        if (unitNamed(now, name) || now.imports.some(({ local }) => local === name)) continue;
        const unit = unitNamed(before, name);
        const imported = [before, this.earlier]
          .flatMap((module) => module?.imports ?? [])
          .find(({ local }) => local === name);
        if (imported && !unit) imports.set(name, imported);
        else if (unit && !units.has(unit)) {
          units.add(unit);
          left.push(unit.declaration);
        }
      }
    const inOrder = before.units.filter((unit) => units.has(unit));
    return [
      ...splicesBefore(
        this.firstStatement(),
        [...imports].map(([name, one]) => importText(one, name)),
      ),
      ...splicesBefore(
        this.firstVersioned(),
        inOrder.map((unit) => `${renamedText(unit.declaration, before, this.renames())}\n`),
      ),
    ];
  }

  private firstStatement(): Node | undefined {
    return this.now.imports[0]?.statement ?? this.now.module.program.body[0];
  }

  private firstVersioned(): Node | undefined {
    const versioned = new Set([...this.values.keys(), ...this.functions.flatMap(({ now }) => now.names)]);
    return this.now.units.find(({ names }) => names.some((name) => versioned.has(name)))?.statement;
  }

  private isExported(name: string): boolean {
    return unitNamed(this.now, name)?.statement.type === 'ExportNamedDeclaration';
  }

  private nameFor(name: string): string {
    const base = /^[A-Z][A-Z\d_]*$/.test(name) ? `${name}_BEFORE` : `${name}Before`;
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? base : `${base}${n}`;
      if (this.taken.has(candidate)) continue;
      this.taken.add(candidate);
      return candidate;
    }
  }
}

function splicesBefore(node: Node | undefined, lines: readonly string[]): Splice[] {
  if (!node || lines.length === 0) return [];
  const [at] = node.range;
  return [{ start: at, end: at, text: lines.map((line) => `${line}\n`).join('') }];
}

const isWritten = (node: Node, parent: Node | undefined): boolean =>
  (parent?.type === 'AssignmentExpression' && parent.left === node) || parent?.type === 'UpdateExpression';

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
