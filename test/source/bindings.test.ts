import { type Binding, bindingsOf, isExportOf, requiredModule } from '../../src/source/bindings';
import type { ParsedModule } from '../../src/source/module-reader';
import { type Node, parseSource } from '../../src/source/parse';
import { walk } from '../../src/source/walk';

const moduleOf = (text: string): ParsedModule => ({
  path: '/shop/worker.ts',
  program: parseSource(text, 'worker.ts')!.program,
});

/** Returns the argument of the call `use(…)` in a module. */
function usedIn({ program }: ParsedModule): Node {
  for (const node of walk(program))
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === 'use')
      return node.arguments[0]!;
  throw new Error('There is no call of use().');
}

/** Returns the bindings of `name` at the call of `use(name)`; expressions as their source. */
function bindingsIn(text: string): unknown[] {
  const module = moduleOf(text);
  const shown = (binding: Binding): unknown => {
    const source = (node: Node): string => text.slice(...node.range);
    if (binding.kind === 'property') return { ...binding, of: source(binding.of) };
    if (binding.kind === 'parameter') return { index: binding.index, key: binding.key };
    return 'node' in binding ? { kind: binding.kind, node: source(binding.node) } : binding;
  };
  return bindingsOf('name', usedIn(module), module).map(shown);
}

describe('bindingsOf', () => {
  it.each([
    ["import { x as name } from 'm'; use(name)", { kind: 'import', specifier: 'm', name: 'x' }],
    ["import name from 'm'; use(name)", { kind: 'import', specifier: 'm', name: 'default' }],
    ["import * as name from 'm'; use(name)", { kind: 'import', specifier: 'm', name: '*' }],
    ["const name = require('m'); use(name)", { kind: 'import', specifier: 'm', name: '*' }],
    ["const { x: name } = await import('m'); use(name)", { kind: 'import', specifier: 'm', name: 'x' }],
    ['const name = 1 as number; use(name)', { kind: 'value', node: '1 as number' }],
    ['const { x: name } = options; use(name)', { kind: 'property', of: 'options', key: 'x' }],
    ['enum name { A = 1 } use(name)', { kind: 'enum', node: 'enum name { A = 1 }' }],
    ['use(name); function name() {}', { kind: 'function', node: 'function name() {}' }],
    ['function f(a, { x: name }) { use(name) }', { index: 1, key: 'x' }],
    ['class A { constructor(private readonly name: string) { use(name) } }', { index: 0, key: null }],
  ])('reads the declaration in %s', (text, binding) => {
    expect(bindingsIn(text)).toEqual([binding]);
  });

  it.each([
    ['a block', 'const name = 1; { const name = 2; use(name) }', '2'],
    ['a function', 'const name = 1; function f() { const name = 2; } use(name)', '1'],
    ['a hoisted var', 'const name = 1; function f() { use(name); if (x) { var name = 2; } }', '2'],
    ['a switch', 'const name = 1; switch (x) { case 1: const name = 2; } use(name)', '1'],
  ])('takes the innermost declaration with %s', (_, text, node) => {
    expect(bindingsIn(text)).toEqual([{ kind: 'value', node }]);
  });

  it('does not take a caught error for the variable around it', () => {
    expect(bindingsIn('const name = 1; try {} catch (name) { use(name) }')).toEqual([
      { kind: 'value', node: 'name' },
    ]);
  });

  it('adds the values of assignments and defaults', () => {
    expect(bindingsIn('let name = 1; name = 2; use(name)')).toMatchObject([{ node: '1' }, { node: '2' }]);
    expect(bindingsIn("const { name = 'a' } = env; use(name)")).toMatchObject([
      { kind: 'property', of: 'env' },
      { kind: 'value', node: "'a'" },
    ]);
  });

  it.each(['use(name)', 'const { x: { name = 1 } } = options; use(name)'])('is empty in %s', (text) => {
    expect(bindingsIn(text)).toEqual([]);
  });
});

describe('isExportOf', () => {
  it.each([
    "import { Worker as W } from 'sdk'; use(W)",
    "import * as sdk from 'sdk'; use(sdk.Worker)",
    "import sdk from 'sdk'; use(sdk.Worker)",
    "const { Worker } = require('sdk'); use(Worker)",
    "const sdk = require('sdk'); const { Worker: W } = sdk; use(W)",
    "use(require('sdk').Worker)",
  ])('recognizes the export in %s', (text) => {
    const module = moduleOf(text);

    expect(isExportOf(usedIn(module), 'sdk', 'Worker', module)).toBe(true);
  });

  it.each([
    "import { Worker } from './worker'; use(Worker)",
    'use(Worker)',
    "import { Client } from 'sdk'; use(Client)",
  ])('rejects %s', (text) => {
    const module = moduleOf(text);

    expect(isExportOf(usedIn(module), 'sdk', 'Worker', module)).toBe(false);
  });
});

it('requiredModule ignores modules whose name is computed', () => {
  expect(requiredModule(usedIn(moduleOf('use(require(name))')))).toBeNull();
});
