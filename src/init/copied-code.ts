import type { TSESTree } from '@typescript-eslint/types';
import type { Variable } from 'eslint-scope';
import { bindingsOf, namesUsedIn } from '../source/bindings';
import { withoutWrappers } from '../source/expressions';
import type { ParsedModule } from '../source/module-reader';
import type { Node } from '../source/parse';
import type { Located } from '../source/static-expressions';
import { walk } from '../source/walk';
import { readTextFile } from '../util/read-text-file';
import type { OptionValues } from './option-values';
import { fromRoot } from './repository';
import { sourceOfImport } from './source-of-module';
import { startsWorkerOnImport } from './start-on-import';
import { copyWithoutTypes } from './without-types';
import type { CopiedCode, CopiedImport } from './worker-code';

/**
 * Returns the code of an option that a worker is given in place, with the imports and declarations that it needs, so that it can stand in
 * a module of its own. Returns null if it depends on what only the running worker has, such as a parameter or an awaited value.
 */
export function copiedCode(
  key: string,
  options: OptionValues,
  object: Located = options.options,
): CopiedCode | null {
  const given = options.expressions.given(key, object);
  if (given === null) return null;
  const text = readTextFile(given.module.path);
  return text === null ? null : new Copy(given, text, options).make();
}

/** A name that each CommonJS module has, and that TypeScript declares in no module. */
const DIRECTORY = '__dirname';

class Copy {
  private readonly imports: CopiedImport[] = [];
  private readonly statements: string[] = [];
  private readonly taken = new Set<Variable>();
  private readonly names = new Set<string>();
  private readonly module: ParsedModule;
  private usesDirectory = false;
  /** True if it names types that its module declares, without which it has to do. */
  private usesOwnTypes = false;

  constructor(
    private readonly given: Located,
    private readonly text: string,
    private readonly options: OptionValues,
  ) {
    this.module = given.module;
  }

  make(): CopiedCode | null {
    const { node, module } = this.given;
    if (!this.take(node)) return null;
    const copied = {
      from: fromRoot(module.path, this.options.repository),
      imports: this.imports,
      statements: this.statements,
      usesDirectory: this.usesDirectory,
      expression: this.expressionOf(withoutWrappers(node)),
    };
    // The module that it goes into may be JavaScript, too.
    const plain = copyWithoutTypes(copied);
    return plain === null || this.usesOwnTypes ? plain : copied;
  }

  /** Copies what a part of the module needs. Returns false if that cannot be copied. */
  private take(part: Node): boolean {
    if (!isMovable(part) || this.uses(part, 'Enum')) return false;
    if (this.uses(part, 'Interface', 'TypeAlias')) this.usesOwnTypes = true;
    const { variables, undeclared } = namesUsedIn(part, this.module);
    if (undeclared.includes(DIRECTORY)) this.usesDirectory = true;
    return (
      undeclared.every((name) => name in globalThis || name === DIRECTORY) &&
      variables.every((variable) => this.takeVariable(variable))
    );
  }

  private takeVariable(variable: Variable): boolean {
    if (this.taken.has(variable)) return true;
    this.taken.add(variable);
    const [definition, ...others] = variable.defs;
    const isAssigned = variable.references.some((reference) => reference.isWrite() && !reference.init);
    // Two variables of one name, in different scopes, cannot stand side by side.
    if (!definition || others.length > 0 || isAssigned || this.names.has(variable.name)) return false;
    this.names.add(variable.name);
    const [binding] = bindingsOf(variable.name, definition.name as Node, this.module);
    if (binding?.kind === 'import') return this.takeImport(variable.name, binding);
    const declaration = definition.node as Node;
    if (definition.type === 'Variable') {
      const { init } = declaration as TSESTree.VariableDeclarator;
      if (variable.name === DIRECTORY && init !== null && isOfImportMeta(init))
        return (this.usesDirectory = true);
      return init !== null && this.takeStatement(declaration, `const ${this.textOf(declaration)};`);
    }
    if (definition.type !== 'FunctionName' && definition.type !== 'ClassName') return false;
    return this.takeStatement(declaration, this.textOf(declaration));
  }

  private takeStatement(declaration: Node, text: string): boolean {
    if (!this.take(declaration)) return false;
    this.statements.push(text);
    return true;
  }

  private takeImport(local: string, { specifier, name }: { specifier: string; name: string }): boolean {
    const { repository } = this.options;
    const path = sourceOfImport(specifier, this.module.path, repository);
    if (path === null && /^[.#]/.test(specifier)) return false;
    if (path !== null && startsWorkerOnImport(path, this.options)) return false;
    const module = path === null ? specifier : fromRoot(path, repository);
    this.imports.push({ local, name, module, isFile: path !== null });
    return true;
  }

  /** Returns true if a part names an enum or a type that the module declares itself. */
  private uses(part: Node, ...kinds: ('Enum' | 'Interface' | 'TypeAlias')[]): boolean {
    const types = kinds.map((kind) => `TS${kind}Declaration`);
    const declared = new Set(
      this.module.program.body.flatMap((statement) => {
        const node = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        return node !== null && types.includes(node.type)
          ? [(node as TSESTree.TSTypeAliasDeclaration).id.name]
          : [];
      }),
    );
    return [...walk(part)].some((node) => node.type === 'Identifier' && declared.has(node.name));
  }

  /** Returns the text of an expression. That of a method lacks the word that makes it one. */
  private expressionOf(node: Node): string {
    const text = this.textOf(node);
    if (node.type !== 'FunctionExpression' || /^(async|function)\b/.test(text)) return text;
    return `${node.async ? 'async ' : ''}function${node.generator ? '*' : ''} ${text}`;
  }

  /** Returns the text of a node, without the indentation of the line that it starts in. */
  private textOf({ range: [start, end] }: Node): string {
    const line = this.text.lastIndexOf('\n', start - 1) + 1;
    const indentation = /^[ \t]*/.exec(this.text.slice(line))![0];
    return this.text.slice(start, end).replaceAll(`\n${indentation}`, '\n');
  }
}

/** Returns false for code that means something else in another file, or that has to be awaited. */
const isMovable = (part: Node): boolean =>
  ![...walk(part)].some(
    (node) =>
      node.type === 'MetaProperty' ||
      node.type === 'ImportExpression' ||
      node.type === 'ThisExpression' ||
      (node.type === 'AwaitExpression' && !isInFunction(node, part)) ||
      (node.type === 'Identifier' && /^(__filename|require)$/.test(node.name)),
  );

/** Returns true for the code by which an ES module makes its `__dirname`. */
const isOfImportMeta = (init: Node): boolean => [...walk(init)].some(({ type }) => type === 'MetaProperty');

const isInFunction = (node: Node, part: Node): boolean =>
  [...walk(part)].some(
    (outer) =>
      /Function/.test(outer.type) && outer.range[0] <= node.range[0] && node.range[1] <= outer.range[1],
  );
