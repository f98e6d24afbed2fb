/** Changes of workflow code on its syntax tree, made in the modules of a bundle so that nothing has to be bundled anew. */
import { parse } from '@babel/parser';

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** A place in a module that an operator can change. */
interface Site {
  operator: string;
  start: number;
  end: number;
  text: string;
}

export interface Mutant {
  code: string;
  description: string;
}

interface Module {
  name: string;
  start: number;
  text: string;
  sites: Site[];
}

/** The modules of a bundle that hold the code of a service, with every change that can be made to each. */
export class MutableBundle {
  private readonly modules: Module[];

  constructor(
    private readonly code: string,
    /** Returns true for the id of a module of the service. */
    isOwn: (id: string) => boolean,
  ) {
    this.modules = modulesIn(code)
      .filter(({ name }) => isOwn(name))
      .map((module) => ({ ...module, sites: sitesIn(module.text) }))
      .filter(({ sites }) => sites.length > 0);
  }

  get siteCount(): number {
    return this.modules.reduce((sum, { sites }) => sum + sites.length, 0);
  }

  /** Makes one change, or two of different places. */
  mutant(next: () => number): Mutant {
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    const changes = Array.from({ length: next() < 0.8 ? 1 : 2 }, () => {
      const { name, start, sites } = pick(this.modules);
      // First the operator, since most places are literals.
      const operator = pick([...new Set(sites.map((site) => site.operator))]);
      const site = pick(sites.filter((one) => one.operator === operator));
      return { ...site, name, start: start + site.start, end: start + site.end };
    }).sort((a, b) => b.start - a.start);
    let code = this.code;
    let limit = Infinity;
    const made: string[] = [];
    for (const { name, operator, start, end, text } of changes) {
      if (end > limit) continue;
      limit = start;
      made.push(
        `${name}: ${operator} ${JSON.stringify(code.slice(start, end).slice(0, 80))} → ${JSON.stringify(text.slice(0, 80))}`,
      );
      code = code.slice(0, start) + text + code.slice(end);
    }
    return { code, description: made.join('; ') };
  }
}

const MODULE = /^\/\*{3}\/ "([^"\n]+)"/gm;

function modulesIn(code: string): Omit<Module, 'sites'>[] {
  const found: Omit<Module, 'sites'>[] = [];
  for (const match of code.matchAll(MODULE)) {
    const open = code.indexOf('{\n', code.indexOf('\\*', match.index));
    const end = code.indexOf('\n/***/ }', open);
    if (open === -1 || end === -1) continue;
    found.push({ name: match[1]!, start: open + 2, text: code.slice(open + 2, end) });
  }
  return found;
}

function sitesIn(text: string): Site[] {
  let program: Node;
  try {
    program = parse(text, {
      sourceType: 'script',
      allowReturnOutsideFunction: true,
      errorRecovery: false,
    }).program as unknown as Node;
  } catch {
    return [];
  }
  const sites: Site[] = [];
  const add = (operator: string, node: Node, changed: string): void => {
    if (changed !== text.slice(node.start, node.end))
      sites.push({ operator, start: node.start, end: node.end, text: changed });
  };
  visit(program, [], (node, parents) =>
    mutate(node, parents, (part) => text.slice(part.start, part.end), add),
  );
  return sites;
}

function visit(
  node: Node,
  parents: readonly Node[],
  see: (node: Node, parents: readonly Node[]) => void,
): void {
  see(node, parents);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isNode(child)) visit(child, [node, ...parents], see);
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value;

const nodes = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '+': '-',
  '-': '+',
  '*': '+',
  '/': '*',
};
const CANCELLATION = ['TRY_CANCEL', 'WAIT_CANCELLATION_COMPLETED', 'ABANDON', 'WAIT_CANCELLATION_REQUESTED'];

type Add = (operator: string, node: Node, changed: string) => void;

function mutate(
  node: Node,
  [parent, grandparent]: readonly Node[],
  text: (node: Node) => string,
  add: Add,
): void {
  const own = text(node);
  // Webpack's own calls at the top of a module.
  if (/__webpack_(require__\.|exports__)/.test(own) && parent?.type === 'Program') return;
  switch (node.type) {
    case 'NumericLiteral':
      for (const value of ['0', `${own} + 1`, `${own} * 2`, '-1']) add('number', node, `(${value})`);
      break;
    case 'StringLiteral': {
      if (isWebpackCall(parent) || parent?.type === 'Directive' || isKey(node, parent)) break;
      const value = String(node['value']);
      add('string', node, JSON.stringify(`${value}x`));
      add('string', node, '""');
      if (/^\d+ ?\w+$/.test(value))
        add('duration', node, JSON.stringify(value.replace(/\d+/, (n) => `${Number(n) + 1}`)));
      for (const type of CANCELLATION)
        if (CANCELLATION.includes(value) && type !== value)
          add('cancellation type', node, JSON.stringify(type));
      break;
    }
    case 'BooleanLiteral':
      add('boolean', node, own === 'true' ? 'false' : 'true');
      break;
    case 'TemplateLiteral':
      if (parent?.type !== 'TaggedTemplateExpression') add('template', node, `(${own} + "x")`);
      break;
    case 'Identifier':
      if (CANCELLATION.includes(own) && parent?.type === 'MemberExpression')
        for (const type of CANCELLATION) if (type !== own) add('cancellation type', node, type);
      break;
    case 'AwaitExpression':
      add('drop await', node, text(node['argument'] as Node));
      add('delay', node, `(await Promise.resolve(), ${own})`);
      add('twice', node, `(${own}, ${own})`);
      break;
    case 'IfStatement': {
      const test = node['test'] as Node;
      add('condition', test, `!(${text(test)})`);
      add('condition', test, 'true');
      add('condition', test, 'false');
      add('branch', node, text(node['consequent'] as Node));
      break;
    }
    case 'WhileStatement':
    case 'DoWhileStatement': {
      const test = node['test'] as Node;
      if (text(test) !== 'true') add('loop', test, 'false');
      break;
    }
    case 'ConditionalExpression':
      add('choice', node, `(${text(node['consequent'] as Node)})`);
      add('choice', node, `(${text(node['alternate'] as Node)})`);
      break;
    case 'BinaryExpression': {
      const other = OPERATORS[String(node['operator'])];
      if (other)
        add('operator', node, `(${text(node['left'] as Node)} ${other} ${text(node['right'] as Node)})`);
      break;
    }
    case 'LogicalExpression': {
      const other = node['operator'] === '&&' ? '||' : '&&';
      add('logic', node, `((${text(node['left'] as Node)}) ${other} (${text(node['right'] as Node)}))`);
      add('logic', node, `(${text(node['left'] as Node)})`);
      break;
    }
    case 'UnaryExpression':
      if (node['operator'] === '!') add('not', node, `(${text(node['argument'] as Node)})`);
      break;
    case 'UpdateExpression':
      add('update', node, text(node['argument'] as Node));
      break;
    case 'ObjectProperty': {
      if (parent?.type !== 'ObjectExpression' || isWebpackCall(grandparent)) break;
      const value = node['value'] as Node;
      add('drop property', node, '...{}');
      add('rename property', node['key'] as Node, '"renamed"');
      if (!node['shorthand']) add('property', value, 'undefined');
      break;
    }
    case 'ObjectExpression': {
      const keys = nodes(node['properties']).map((property) =>
        String((property['key'] as Node | undefined)?.['name']),
      );
      const inside = own.slice(1);
      if (keys.includes('startToCloseTimeout') || keys.includes('scheduleToCloseTimeout'))
        for (const type of CANCELLATION.slice(0, 3)) {
          add('option', node, `{ cancellationType: "${type}", ${inside}`);
          add(
            'option',
            node,
            `{ heartbeatTimeout: "7s", retry: { maximumAttempts: 3 }, taskQueue: "else", ${inside}`,
          );
        }
      if (keys.includes('args') || keys.includes('workflowId')) {
        add('option', node, `{ cancellationType: "ABANDON", parentClosePolicy: "ABANDON", ${inside}`);
        add('option', node, `{ workflowId: "another", ${inside}`);
        add('option', node, `{ memo: { a: 1 }, searchAttributes: { OrderStatus: ["x"] }, ${inside}`);
      }
      break;
    }
    case 'CallExpression': {
      if (isWebpackCall(node)) break;
      const args = nodes(node['arguments']);
      const callee = text(node['callee'] as Node);
      if (args.length > 0) add('drop argument', node, `${callee}(${args.slice(0, -1).map(text).join(', ')})`);
      if (args.length > 1)
        add('swap arguments', node, `${callee}(${[...args].reverse().map(text).join(', ')})`);
      if (/\bpatched\)?$/.test(callee)) for (const is of ['true', 'false']) add('patched', node, is);
      if (/\bdeprecatePatch\)?$/.test(callee)) add('patched', node, 'undefined');
      if (/all\)?$/.test(callee) && args[0]?.type === 'ArrayExpression')
        add('reverse all', args[0], `[${nodes(args[0]['elements']).reverse().map(text).join(', ')}]`);
      break;
    }
    case 'ReturnStatement':
      if (node['argument']) add('return', node, 'return;');
      break;
    case 'ThrowStatement':
      add('throw', node, 'return;');
      break;
    case 'TryStatement':
      add('try', node, text(node['block'] as Node));
      break;
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration': {
      const body = node['body'] as Node;
      if (body.type === 'BlockStatement') {
        add('return early', body, `{ return; ${text(body)} }`);
        if (node['async']) add('wait first', body, `{ await Promise.resolve(); ${text(body).slice(1)}`);
      }
      break;
    }
  }
  statements(node, text, add);
}

/** Changes of the order of statements, and of their number. */
function statements(node: Node, text: (node: Node) => string, add: Add): void {
  if (node.type !== 'BlockStatement') return;
  const body = nodes(node['body']);
  for (const [i, statement] of body.entries()) {
    if (statement.type !== 'VariableDeclaration' && statement.type !== 'FunctionDeclaration') {
      add('drop statement', statement, ';');
      add('repeat statement', statement, `${text(statement)};${text(statement)}`);
    }
    const next = body[i + 1];
    if (!next) continue;
    const both = { ...statement, end: next.end };
    add('swap statements', both, `${text(next)};${text(statement)}`);
    const awaited = [statement, next].map((one) => one['expression'] as Node | undefined);
    if (awaited.every((one) => one?.type === 'AwaitExpression'))
      add(
        'parallel',
        both,
        `await Promise.all([${awaited.map((one) => text(one!['argument'] as Node)).join(', ')}]);`,
      );
  }
}

const isWebpackCall = (node: Node | undefined): boolean =>
  node?.type === 'CallExpression' &&
  /^__webpack_require__/.test(
    String(
      (node['callee'] as Node)['name'] ?? ((node['callee'] as Node)['object'] as Node | undefined)?.['name'],
    ),
  );

const isKey = (node: Node, parent: Node | undefined): boolean =>
  parent?.type === 'ObjectProperty' && parent['key'] === node;
