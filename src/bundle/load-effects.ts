/** A node of the ESTree that webpack's parser makes. */
type Node = { type: string; range?: [number, number] } & Record<string, unknown>;

export interface Program {
  body: Node[];
}

/** A comment of the file; webpack's parser keeps them apart from the tree. */
export interface Comment {
  value: string;
  range?: [number, number];
}

/** Functions of `@temporalio/workflow` that only make a value: workflow files call them at their top level. */
const DEFINITIONS: ReadonlySet<string> = new Set([
  'createNexusServiceClient',
  'defineQuery',
  'defineSignal',
  'defineUpdate',
  'proxyActivities',
  'proxyLocalActivities',
  'proxySinks',
]);

/** Of the language's own; a random number is not among them, since the next one depends on it. */
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
 * Whether loading an ES module may do more than define what it exports, so that it can change how others behave. In doubt it
 * may. That it throws is none of it: then no module loads at all.
 */
export function hasLoadEffects({ body }: Program, comments: readonly Comment[]): boolean {
  return !new TopLevel(body, comments).isHarmless();
}

class TopLevel {
  private readonly imported = new Map<string, string>();
  private readonly declared: ReadonlySet<string>;
  private readonly pureFrom: readonly number[];

  constructor(
    private readonly body: readonly Node[],
    comments: readonly Comment[],
  ) {
    this.declared = new Set(body.flatMap(declaredNames));
    this.pureFrom = comments.flatMap(({ value, range }) =>
      range && /^\s*[#@]__PURE__\s*$/.test(value) ? [range[1]] : [],
    );
    for (const node of body.filter(({ type }) => type === 'ImportDeclaration'))
      if (part(node, 'source')?.value === '@temporalio/workflow') this.addDefinitions(node);
  }

  isHarmless(): boolean {
    return this.body.every((node) => this.isHarmlessStatement(node));
  }

  private addDefinitions(node: Node): void {
    for (const specifier of parts(node, 'specifiers')) {
      const local = part(specifier, 'local')!.name as string;
      if (specifier.type === 'ImportNamespaceSpecifier') this.imported.set(local, '*');
      const name = part(specifier, 'imported')?.name;
      if (typeof name === 'string') this.imported.set(local, name);
    }
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
      case 'ExportNamedDeclaration': {
        const declaration = part(node, 'declaration');
        return declaration === null || this.isHarmlessStatement(declaration);
      }
      case 'ExpressionStatement':
        return this.isHarmlessExpression(part(node, 'expression'));
      case 'VariableDeclaration':
        return parts(node, 'declarations').every(
          (one) => this.isHarmlessPattern(part(one, 'id')) && this.isHarmlessExpression(part(one, 'init')),
        );
      default:
        // `export default` of an expression.
        return this.isHarmlessExpression(node);
    }
  }

  private isHarmlessExpression(node: Node | null): boolean {
    if (node === null) return true;
    const areHarmless = (...keys: string[]): boolean =>
      keys.every((key) => parts(node, key).every((child) => this.isHarmlessExpression(child)));
    switch (node.type) {
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'Identifier':
      case 'Literal':
      case 'ThisExpression':
        return true;
      case 'ArrayExpression':
        return areHarmless('elements');
      case 'BinaryExpression':
      case 'LogicalExpression':
        return areHarmless('left', 'right');
      case 'ChainExpression':
        return areHarmless('expression');
      case 'ClassExpression':
        return this.isHarmlessClass(node);
      case 'ConditionalExpression':
        return areHarmless('test', 'consequent', 'alternate');
      case 'MemberExpression':
        return areHarmless('object', 'property');
      case 'ObjectExpression':
        return areHarmless('properties');
      case 'Property':
        return areHarmless('key', 'value');
      case 'SequenceExpression':
      case 'TemplateLiteral':
        return areHarmless('expressions');
      case 'SpreadElement':
        return areHarmless('argument');
      case 'UnaryExpression':
        return node.operator !== 'delete' && areHarmless('argument');
      case 'CallExpression':
        return this.isHarmlessCall(node) && areHarmless('arguments');
      case 'NewExpression':
        return this.isHarmlessNew(node) && areHarmless('arguments');
      default:
        return false;
    }
  }

  private isHarmlessCall(node: Node): boolean {
    if (this.isMarkedPure(node)) return true;
    const [object, property] = namesOf(part(node, 'callee'));
    if (object === undefined) return false;
    const imported = this.imported.get(object);
    if (imported !== undefined) return DEFINITIONS.has(imported === '*' ? (property ?? '') : imported);
    const name = property === undefined ? object : `${object}.${property}`;
    return HARMLESS_CALLS.has(name) && !this.declared.has(object);
  }

  private isHarmlessNew(node: Node): boolean {
    if (this.isMarkedPure(node)) return true;
    const [name, property] = namesOf(part(node, 'callee'));
    return name !== undefined && !property && HARMLESS_CLASSES.has(name) && !this.declared.has(name);
  }

  /** Compilers mark so what they make of an enum and of private fields. */
  private isMarkedPure({ range }: Node): boolean {
    return range !== undefined && this.pureFrom.some((end) => end <= range[0] && range[0] - end <= 1);
  }

  private isHarmlessClass(node: Node): boolean {
    return (
      this.isHarmlessExpression(part(node, 'superClass')) &&
      parts(part(node, 'body')!, 'body').every(
        (member) =>
          (member.type === 'MethodDefinition' || member.type === 'PropertyDefinition') &&
          (!member.computed || this.isHarmlessExpression(part(member, 'key'))) &&
          (!member.static || this.isHarmlessExpression(part(member, 'value'))),
      )
    );
  }

  /** Its defaults and computed keys run. */
  private isHarmlessPattern(node: Node | null): boolean {
    if (node === null) return true;
    switch (node.type) {
      case 'Identifier':
        return true;
      case 'ArrayPattern':
        return parts(node, 'elements').every((element) => this.isHarmlessPattern(element));
      case 'AssignmentPattern':
        return this.isHarmlessPattern(part(node, 'left')) && this.isHarmlessExpression(part(node, 'right'));
      case 'ObjectPattern':
        return parts(node, 'properties').every((property) => this.isHarmlessPattern(property));
      case 'Property':
        return this.isHarmlessExpression(part(node, 'key')) && this.isHarmlessPattern(part(node, 'value'));
      case 'RestElement':
        return this.isHarmlessPattern(part(node, 'argument'));
      default:
        return false;
    }
  }
}

const part = (node: Node, key: string): Node | null => (node[key] as Node | null | undefined) ?? null;

/** The nodes of a list, or the one node that there is; holes left out. */
const parts = (node: Node, key: string): Node[] =>
  [node[key]].flat().filter((child): child is Node => child !== null && child !== undefined);

/** `a` and `a.b`; nothing of any other form. */
function namesOf(callee: Node | null): [string?, string?] {
  if (callee?.type === 'Identifier') return [callee.name as string];
  if (callee?.type !== 'MemberExpression' || callee.computed) return [];
  const object = part(callee, 'object');
  return object?.type === 'Identifier'
    ? [object.name as string, part(callee, 'property')!.name as string]
    : [];
}

/** The names that a statement of the top level declares; those within destructuring included. */
function declaredNames(node: Node): string[] {
  switch (node.type) {
    case 'ClassDeclaration':
    case 'FunctionDeclaration':
      return namesIn(part(node, 'id'));
    case 'ExportDefaultDeclaration':
    case 'ExportNamedDeclaration': {
      const declaration = part(node, 'declaration');
      return declaration === null ? [] : declaredNames(declaration);
    }
    case 'ImportDeclaration':
      return parts(node, 'specifiers').flatMap((specifier) => namesIn(part(specifier, 'local')));
    case 'VariableDeclaration':
      return parts(node, 'declarations').flatMap((one) => namesIn(part(one, 'id')));
    default:
      return [];
  }
}

function namesIn(pattern: Node | null): string[] {
  if (pattern === null) return [];
  if (pattern.type === 'Identifier') return [pattern.name as string];
  return ['argument', 'elements', 'left', 'properties', 'value'].flatMap((key) =>
    parts(pattern, key).flatMap((child) => (child.type === undefined ? [] : namesIn(child))),
  );
}
