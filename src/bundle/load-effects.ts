import type { TSESTree } from '@typescript-eslint/types';
import type { Node } from '../source/parse';
import { namesIn } from '../source/patterns';

/** Functions of `@temporalio/workflow` that only return a value. Workflow files call them while they load. */
const DEFINITIONS: ReadonlySet<string> = new Set([
  'createNexusServiceClient',
  'defineQuery',
  'defineSignal',
  'defineUpdate',
  'proxyActivities',
  'proxyLocalActivities',
  'proxySinks',
]);

/** Functions of JavaScript without effects. `Math.random` is none of them: the next random number depends on it. */
const HARMLESS_CALLS: ReadonlySet<string> = new Set([
  'BigInt',
  'Boolean',
  'Number',
  'Object.entries',
  'Object.keys',
  'Object.values',
  'String',
  'Symbol',
  'Symbol.for',
]);
const HARMLESS_CLASSES: ReadonlySet<string> = new Set(['Map', 'RegExp', 'Set', 'WeakMap', 'WeakSet']);

/**
 * Returns true if loading an ES module may do more than define what it exports, so that it may change how other modules
 * behave; also if that cannot be ruled out. An error is no such effect, since with it no module loads at all.
 *
 * @param program the ESTree that webpack's parser made of the compiled module
 */
export const hasLoadEffects = (
  { body }: Pick<TSESTree.Program, 'body'>,
  comments: readonly TSESTree.Comment[],
): boolean => !new TopLevel(body, comments).isHarmless();

class TopLevel {
  /** Names that are imported from `@temporalio/workflow`, each with its exported name or `*`. */
  private readonly imported: ReadonlyMap<string, string>;
  private readonly declared: ReadonlySet<string>;
  /** Ends of the comments that mark the call after them as pure. */
  private readonly pureFrom: readonly number[];

  constructor(
    private readonly body: readonly TSESTree.ProgramStatement[],
    comments: readonly TSESTree.Comment[],
  ) {
    this.declared = new Set(body.flatMap(declaredNames));
    this.imported = new Map(body.flatMap(workflowImports));
    this.pureFrom = comments
      .filter(({ value, range }) => range && /^\s*[#@]__PURE__\s*$/.test(value))
      .map(({ range }) => range[1]);
  }

  isHarmless(): boolean {
    return this.body.every((node) => this.isHarmlessStatement(node));
  }

  private isHarmlessStatement(node: Node): boolean {
    switch (node.type) {
      case 'EmptyStatement':
      case 'ExportAllDeclaration':
      case 'FunctionDeclaration':
      case 'ImportDeclaration':
        return true;
      case 'ClassDeclaration':
        return this.isHarmlessClass(node);
      case 'ExportDefaultDeclaration':
      case 'ExportNamedDeclaration':
        return !node.declaration || this.isHarmlessStatement(node.declaration);
      case 'ExpressionStatement':
        return this.isHarmlessExpression(node.expression);
      case 'VariableDeclaration':
        return node.declarations.every(
          ({ id, init }) => this.isHarmlessPattern(id) && this.isHarmlessExpression(init),
        );
      default:
        // An expression that is exported as default.
        return this.isHarmlessExpression(node);
    }
  }

  private isHarmlessExpression(node: Node | null): boolean {
    const areHarmless = (...nodes: (Node | null)[]): boolean =>
      nodes.every((one) => this.isHarmlessExpression(one));
    switch (node?.type) {
      case undefined:
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'Identifier':
      case 'Literal':
      case 'ThisExpression':
        return true;
      case 'ArrayExpression':
        return areHarmless(...node.elements);
      case 'BinaryExpression':
      case 'LogicalExpression':
        return areHarmless(node.left, node.right);
      case 'ChainExpression':
        return areHarmless(node.expression);
      case 'ClassExpression':
        return this.isHarmlessClass(node);
      case 'ConditionalExpression':
        return areHarmless(node.test, node.consequent, node.alternate);
      case 'MemberExpression':
        return areHarmless(node.object, node.property);
      case 'ObjectExpression':
        return areHarmless(...node.properties);
      case 'Property':
        return areHarmless(node.key, node.value);
      case 'SequenceExpression':
      case 'TemplateLiteral':
        return areHarmless(...node.expressions);
      case 'SpreadElement':
        return areHarmless(node.argument);
      case 'UnaryExpression':
        return node.operator !== 'delete' && areHarmless(node.argument);
      case 'CallExpression':
        return this.isHarmlessCall(node) && areHarmless(...node.arguments);
      case 'NewExpression':
        return this.isHarmlessNew(node) && areHarmless(...node.arguments);
      default:
        return false;
    }
  }

  private isHarmlessCall(node: TSESTree.CallExpression): boolean {
    if (this.isMarkedPure(node)) return true;
    const [object, property] = namesOf(node.callee);
    if (object === undefined) return false;
    const imported = this.imported.get(object);
    if (imported !== undefined) return DEFINITIONS.has(imported === '*' ? (property ?? '') : imported);
    const name = property === undefined ? object : `${object}.${property}`;
    return HARMLESS_CALLS.has(name) && !this.declared.has(object);
  }

  private isHarmlessNew(node: TSESTree.NewExpression): boolean {
    if (this.isMarkedPure(node)) return true;
    const [name, property] = namesOf(node.callee);
    return name !== undefined && !property && HARMLESS_CLASSES.has(name) && !this.declared.has(name);
  }

  /** Returns true after a comment with which compilers mark the code of enums and private fields. */
  private isMarkedPure({ range }: Node): boolean {
    return (
      (range as typeof range | undefined) !== undefined &&
      this.pureFrom.some((end) => end <= range[0] && range[0] - end <= 1)
    );
  }

  private isHarmlessClass({
    superClass,
    body,
  }: TSESTree.ClassDeclaration | TSESTree.ClassExpression): boolean {
    return (
      this.isHarmlessExpression(superClass) &&
      body.body.every(
        (member) =>
          (member.type === 'MethodDefinition' || member.type === 'PropertyDefinition') &&
          (!member.computed || this.isHarmlessExpression(member.key)) &&
          (!member.static || this.isHarmlessExpression(member.value)),
      )
    );
  }

  /** Checks the defaults and computed keys of a pattern, which are evaluated. */
  private isHarmlessPattern(node: Node | null): boolean {
    switch (node?.type) {
      case undefined:
      case 'Identifier':
        return true;
      case 'ArrayPattern':
        return node.elements.every((element) => this.isHarmlessPattern(element));
      case 'AssignmentPattern':
        return this.isHarmlessPattern(node.left) && this.isHarmlessExpression(node.right);
      case 'ObjectPattern':
        return node.properties.every((property) => this.isHarmlessPattern(property));
      case 'Property':
        return this.isHarmlessExpression(node.key) && this.isHarmlessPattern(node.value);
      case 'RestElement':
        return this.isHarmlessPattern(node.argument);
      default:
        return false;
    }
  }
}

function workflowImports(node: TSESTree.ProgramStatement): [local: string, exported: string][] {
  if (node.type !== 'ImportDeclaration' || node.source.value !== '@temporalio/workflow') return [];
  return node.specifiers.flatMap((specifier): [string, string][] => {
    const local = specifier.local.name;
    if (specifier.type === 'ImportNamespaceSpecifier') return [[local, '*']];
    return specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier'
      ? [[local, specifier.imported.name]]
      : [];
  });
}

/** Returns the names in `a` and `a.b`; none for any other form. */
function namesOf(callee: Node): [string?, string?] {
  if (callee.type === 'Identifier') return [callee.name];
  if (callee.type !== 'MemberExpression' || callee.computed || callee.object.type !== 'Identifier') return [];
  return [callee.object.name, 'name' in callee.property ? callee.property.name : undefined];
}

/** Returns the names that a statement of the top level declares, those in patterns included. */
function declaredNames(node: Node): string[] {
  switch (node.type) {
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
      return node.id ? [node.id.name] : [];
    case 'ExportDefaultDeclaration':
    case 'ExportNamedDeclaration':
      return node.declaration ? declaredNames(node.declaration) : [];
    case 'ImportDeclaration':
      return node.specifiers.map(({ local }) => local.name);
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => namesIn(id));
    default:
      return [];
  }
}
