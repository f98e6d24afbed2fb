import { parseSource } from '../../src/source/parse';
import { reExportedModules } from '../../src/source/re-exports';

const passedOnIn = (text: string): string[] =>
  reExportedModules({ path: '/shop/workflows.ts', program: parseSource(text, 'workflows.ts')!.program });

describe('reExportedModules', () => {
  it.each([
    ["export { a } from './a';"],
    ["export * from './a';"],
    ["export * as a from './a';"],
    ["import { a } from './a'; export { a };"],
    ["import a from './a'; export { a as b };"],
    ["import * as a from './a'; export default a;"],
    ["import { a } from './a'; export const b = traced(a);"],
    ["import { a } from './a'; const b = a; export { b };"],
    ["import * as a from './a'; export const { b } = a;"],
    ["import * as a from './a'; export = a;"],
    ["module.exports = require('./a');"],
    ["const { a } = require('./a'); module.exports = { a };"],
    ["const a = require('./a'); module.exports = { ...a };"],
    ["exports.a = require('./a').a;"],
    ["Object.assign(exports, require('./a'));"],
  ])('finds the module of %s', (text) => {
    expect(passedOnIn(text)).toEqual(['./a']);
  });

  it.each([
    ["import { a } from './a'; export const start = () => client.start(a);"],
    ["import { a } from './a'; export function start() { return client.start(a); }"],
    ["import { a } from './a'; a();"],
    ["import type { A } from './a'; export const b: A = 1;"],
    ["export type { A } from './a';"],
    ["import { type A } from './a'; export { type A };"],
    ["require('./a');"],
  ])('leaves out a module of which nothing is passed on: %s', (text) => {
    expect(passedOnIn(text)).toEqual([]);
  });
});
