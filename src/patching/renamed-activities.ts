import type { TSESTree } from '@typescript-eslint/types';
import { calleeText, keyOf, nameOf } from '../source/expressions';
import { isFunction } from '../source/functions';
import { importedFile } from '../source/imported-file';
import type { Node } from '../source/parse';
import { readsOf } from '../source/references';
import { type Visited, walk } from '../source/walk';
import { chosen } from './choice';
import { withMember } from './activity-types';
import { type ModuleUnits, namesMentionedIn, textOf, unitsOf } from './module-units';
import { replaceRead } from './old-copy';
import { type Splice, applySplices } from './splices';
import { applyEdits } from './text-edits';
import { workflowCallIn } from './workflow-call';

/** The code of a bundle, in which activities are called by other names than before. */
export interface RenamedCode {
  /** Paths of the user's own files in the bundle. */
  files: readonly string[];
  /** Returns the text of a file, or null if it is not there. */
  textOf(path: string): string | null;
}

/** An activity that has another name now. */
export interface RenamedActivity {
  old: string;
  now: string;
}

/**
 * Calls renamed activities by their old names in runs from before the patch, wherever workflow code calls them; in all runs if the
 * patch is null. The types of the proxies get the old names where they lack them. Returns the new texts of files; null if no proxy
 * of such an activity is found.
 */
export function callByOldNames(
  code: RenamedCode,
  renames: readonly RenamedActivity[],
  patchId: string | null,
): Map<string, string> | null {
  const calls = new OldCalls(code, patchId);
  for (const rename of renames) if (!calls.add(rename)) return null;
  const texts = calls.texts();
  return texts.size === 0 ? null : texts;
}

/** A name by which a module knows an activity, or an object of proxies that has it. */
interface Proxied {
  module: ModuleUnits;
  local: string;
  /** The old name in the module; null if `local` is the object, and both are its members. */
  localOfOld: string | null;
}

/** A call of `proxyActivities`, and what it is assigned to. */
interface ProxyDeclaration {
  module: ModuleUnits;
  declarator: TSESTree.VariableDeclarator;
  call: TSESTree.CallExpression;
}

/** The splices that bring old names back, file by file. */
class OldCalls {
  private readonly modules: ModuleUnits[];
  private readonly splices = new Map<ModuleUnits, Splice[]>();
  /** Modules that ask for the patch. */
  private readonly asking = new Set<ModuleUnits>();

  constructor(
    private readonly code: RenamedCode,
    private readonly patchId: string | null,
  ) {
    this.modules = code.files.flatMap((path) => unitsOf(code.textOf(path) ?? '', path) ?? []);
  }

  /** Returns false if no proxy of the activity is found, or if the old name cannot be given to it. */
  add(rename: RenamedActivity): boolean {
    const declarations = this.modules.flatMap((module) => proxyDeclarationsIn(module));
    const proxied = declarations.flatMap((declaration) => this.declare(declaration, rename) ?? []);
    for (const one of proxied) {
      this.replaceReads(one, rename);
      for (const imported of this.importedFrom(one, rename)) this.replaceReads(imported, rename);
    }
    return proxied.length > 0;
  }

  texts(): Map<string, string> {
    const texts = new Map<string, string>();
    for (const [module, splices] of this.splices) {
      const { path } = module.module;
      const lines = applySplices(module.text, splices).split('\n');
      const edits = this.asking.has(module)
        ? workflowCallIn(lines, path, 'patched', this.patchId!).edits
        : [];
      texts.set(path, applyEdits(lines, edits));
    }
    return texts;
  }

  private splice(module: ModuleUnits, ...splices: Splice[]): void {
    this.splices.set(module, [...(this.splices.get(module) ?? []), ...splices]);
  }

  /** Declares the old name where the new one is declared. Returns null if the proxies do not have the activity. */
  private declare(declaration: ProxyDeclaration, { old, now }: RenamedActivity): Proxied | null {
    const { module, declarator } = declaration;
    const { id } = declarator;
    if (id.type === 'Identifier') {
      const reads = this.memberReads(module, id.name, now);
      const isExported = this.importers(module, id.name).some(({ importer, local }) =>
        importer.text.includes(`${local}.${now}`),
      );
      if (reads.length === 0 && !isExported) return null;
      this.addType(declaration, { old, now });
      return { module, local: id.name, localOfOld: null };
    }
    if (id.type !== 'ObjectPattern') return null;
    const property = id.properties.find(
      (one): one is TSESTree.Property => one.type === 'Property' && !one.computed && nameOf(one.key) === now,
    );
    if (property?.value.type !== 'Identifier') return null;
    const local = property.value.name;
    this.addType(declaration, { old, now });
    const [start, end] = property.range;
    if (this.patchId === null) {
      this.splice(module, { start, end, text: `${old}: ${local}` });
      return { module, local, localOfOld: local };
    }
    const localOfOld = freeName(old, module);
    const added = localOfOld === old ? old : `${old}: ${localOfOld}`;
    this.splice(module, { start: end, end, text: `${separatorAfter(property, module)}${added}` });
    return { module, local, localOfOld };
  }

  private addType({ module, declarator, call }: ProxyDeclaration, rename: RenamedActivity): void {
    const annotation = declarator.id.typeAnnotation?.typeAnnotation;
    const type = annotation ?? typeArgumentsOf(call)?.params[0];
    if (type) this.splice(module, ...withMember(type, rename, module, this.code.textOf));
  }

  private replaceReads({ module, local, localOfOld }: Proxied, { old, now }: RenamedActivity): void {
    if (localOfOld === local) return;
    if (localOfOld === null)
      for (const { node, ancestors } of this.memberReads(module, local, now)) {
        const text = textOf(module, (node as TSESTree.MemberExpression).object);
        this.choose(module, node, ancestors, `${text}.${now}`, `${text}.${old}`);
      }
    else
      for (const { node, ancestors } of readsOf(new Set([local]), module.module))
        this.choose(module, node, ancestors, local, localOfOld);
  }

  private choose(
    module: ModuleUnits,
    node: Node,
    ancestors: readonly Node[],
    now: string,
    old: string,
  ): void {
    // Outside of a function, no run asks for the patch yet.
    if (this.patchId === null)
      return this.splice(module, { start: node.range[0], end: node.range[1], text: old });
    if (!ancestors.some(isFunction)) return;
    const { path } = module.module;
    const { expression } = workflowCallIn(module.text.split('\n'), path, 'patched', this.patchId);
    this.asking.add(module);
    const parent = ancestors.at(-1);
    const text = chosen(expression, [now, old], node, parent);
    this.splice(
      module,
      replaceRead(node, parent, startsStatement(node, ancestors, module) ? `;${text}` : text),
    );
  }

  /** Returns where a module reads a member of an object that is declared or imported at its top. */
  private memberReads(module: ModuleUnits, object: string, key: string): Visited[] {
    return readsOf(new Set([object]), module.module).flatMap(({ node, ancestors }) => {
      const parent = ancestors.at(-1);
      const isMember = parent?.type === 'MemberExpression' && parent.object === node && keyOf(parent) === key;
      return isMember ? [{ node: parent, ancestors: ancestors.slice(0, -1) }] : [];
    });
  }

  /** Returns the modules that import an exported name, with their own name for it; `*` imports as `space.name`. */
  private importers(
    { module }: ModuleUnits,
    name: string,
  ): { importer: ModuleUnits; local: string; isNamespace: boolean; specifier: Node | null }[] {
    return this.modules.flatMap((importer) =>
      importer.imports.flatMap(({ local, imported, specifier, statement }) => {
        if (imported !== name && imported !== '*') return [];
        if (importedFile(specifier, importer.module.path, this.code.files) !== module.path) return [];
        const own = statement.specifiers.find((one) => one.local.name === local) ?? null;
        return [{ importer, local, isNamespace: imported === '*', specifier: own }];
      }),
    );
  }

  /** Returns how other modules know an activity, and imports the old name where they import the new one by itself. */
  private importedFrom(of: Proxied, { old }: RenamedActivity): Proxied[] {
    return this.importers(of.module, of.local).flatMap(
      ({ importer, local, isNamespace, specifier }): Proxied[] => {
        if (of.localOfOld === of.local) return [];
        if (of.localOfOld === null) return isNamespace ? [] : [{ module: importer, local, localOfOld: null }];
        if (isNamespace) {
          for (const { node, ancestors } of this.memberReads(importer, local, of.local))
            this.choose(importer, node, ancestors, `${local}.${of.local}`, `${local}.${of.localOfOld}`);
          return [];
        }
        const localOfOld = freeName(old, importer);
        const imported = localOfOld === of.localOfOld ? localOfOld : `${of.localOfOld} as ${localOfOld}`;
        const end = specifier!.range[1];
        this.splice(importer, {
          start: end,
          end,
          text: `${separatorAfter(specifier!, importer)}${imported}`,
        });
        return [{ module: importer, local, localOfOld }];
      },
    );
  }
}

/** The parser still calls them parameters. */
const typeArgumentsOf = (call: TSESTree.CallExpression): TSESTree.TSTypeParameterInstantiation | undefined =>
  call.typeArguments ??
  (call as unknown as Record<string, TSESTree.TSTypeParameterInstantiation>).typeParameters;

const PROXY = /(^|\.)proxy(Local)?Activities$/;

function proxyDeclarationsIn(module: ModuleUnits): ProxyDeclaration[] {
  return [...walk(module.module.program)].flatMap((node) => {
    if (node.type !== 'VariableDeclarator' || node.init?.type !== 'CallExpression') return [];
    return PROXY.test(calleeText(node.init)) ? [{ module, declarator: node, call: node.init }] : [];
  });
}

function freeName(name: string, module: ModuleUnits): string {
  const taken = namesMentionedIn(module.module.program);
  return [name, `${name}Before`, `${name}Before2`].find((one) => !taken.has(one)) ?? `${name}Before3`;
}

/** Returns the text between a node of a list and one that is added after it: a line break if each has a line of its own. */
function separatorAfter({ range: [start, end] }: Node, { text }: ModuleUnits): string {
  const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const isOnOwnLine = before.trim() === '' && /^\s*,?[ \t]*(\/\/.*)?\n/.test(text.slice(end));
  return isOnOwnLine ? `,\n${before}` : ', ';
}

/** Returns true for an expression whose parenthesis would continue the statement before, for want of a semicolon. */
function startsStatement(
  { range: [start] }: Node,
  ancestors: readonly Node[],
  { text }: ModuleUnits,
): boolean {
  const statement = ancestors.findLast(({ type }) => type === 'ExpressionStatement');
  return statement?.range[0] === start && !/[;{}]\s*$/.test(text.slice(0, start));
}
