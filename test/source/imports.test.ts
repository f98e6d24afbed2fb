import { importedModules } from '../../src/source/imports';
import { parseSource } from '../../src/source/parse';

const importsIn = (text: string): string[] =>
  importedModules({ path: '/shop/worker.ts', program: parseSource(text, 'worker.ts')!.program });

describe('importedModules', () => {
  it.each([
    ["import { a } from './a';"],
    ["import './a';"],
    ["import { type B, a } from './a';"],
    ["export { a } from './a';"],
    ["export * from './a';"],
    ["const a = require('./a');"],
    ["import a = require('./a');"],
    ["async function f() { await import('./a'); }"],
  ])('finds the module of %s', (text) => {
    expect(importsIn(text)).toEqual(['./a']);
  });

  it.each([
    ["import type { A } from './a';"],
    ["import { type A } from './a';"],
    ["export type { A } from './a';"],
    ["require.resolve('./a');"],
    ['require(name);'],
  ])('finds none in %s', (text) => {
    expect(importsIn(text)).toEqual([]);
  });
});
