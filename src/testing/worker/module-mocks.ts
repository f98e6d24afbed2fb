import { realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseSource, type Node } from '../../source/parse';
import { isInPackage, isOwnSource } from '../../source/own-source';
import { walk } from '../../source/walk';
import { readTextFile } from '../../util/read-text-file';
import type { BundleInputs, ModuleMock } from './protocol';

const RUNNERS = new Set(['jest', 'vi', 'vitest']);
const MOCKING = new Set(['mock', 'doMock', 'setMock', 'unstable_mockModule']);

/** Returns the module mocks in a test file whose modules the workflow code has, too. Workflow code is bundled without them. */
export async function mocksOfInputs(testFile: string, inputs: BundleInputs): Promise<ModuleMock[]> {
  const syntax = parseSource(readTextFile(testFile) ?? '', testFile);
  if (syntax === null) return [];
  // Inputs are real paths.
  const directory = dirname(await realpath(testFile));
  return [...walk(syntax.program)].flatMap((node) => {
    const mock = moduleMockOf(node);
    const input = mock && inputOf(mock.module, directory, inputs);
    return mock && input ? [{ ...mock, input }] : [];
  });
}

/** Returns what was made of these files: the user's own ones, and the names of packages. */
export const bundleInputsOf = (inputs: readonly string[]): BundleInputs => ({
  files: inputs.filter(isOwnSource),
  packages: [...new Set(inputs.filter(isInPackage).flatMap(packageOf))],
});

function moduleMockOf(node: Node): Omit<ModuleMock, 'input'> | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return null;
  const { object, property } = node.callee;
  if (object.type !== 'Identifier' || property.type !== 'Identifier') return null;
  if (!RUNNERS.has(object.name) || !MOCKING.has(property.name)) return null;
  const [first] = node.arguments;
  // Either `vi.mock('./module')` or `vi.mock(import('./module'))`.
  const name = first?.type === 'ImportExpression' ? first.source : first;
  if (name?.type !== 'Literal' || typeof name.value !== 'string') return null;
  return { call: `${object.name}.${property.name}`, module: name.value };
}

/** Returns the input that a module of a test file is; null if it is none. */
function inputOf(module: string, directory: string, { files, packages }: BundleInputs): string | null {
  const name = module.replace(/^node:/, '');
  if (/^\.{1,2}(\/|$)/.test(name) || name.startsWith('/')) {
    const path = resolve(directory, name);
    return files.find((file) => isFileOf(file, path)) ?? null;
  }
  const [packageName] = packageOf(`node_modules/${name}/`);
  if (packageName && packages.includes(packageName)) return packageName;
  // An alias, such as `@/lib/rate`: the rest of it is the end of a path.
  const rest = ALIAS.exec(name)?.[1];
  if (rest === undefined) return null;
  return files.find((file) => isFileOf(file, file.slice(0, file.lastIndexOf(rest)) + rest)) ?? null;
}

/** Names that are no packages, but stand for a directory of the service. */
const ALIAS = /^(?:@|[~#][^/]*)(\/.+)$/;

/** Returns true if a file is what an import of `path` finds, with or without its extension, or as an `index` file. */
const isFileOf = (file: string, path: string): boolean =>
  withoutExtension(file) === withoutExtension(path) ||
  file === path ||
  withoutExtension(file) === path ||
  withoutExtension(file) === `${path}/index`;

const withoutExtension = (file: string): string => file.replace(/\.[cm]?[jt]sx?$/, '');

function packageOf(file: string): string[] {
  const [, name] = /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file) ?? [];
  return name === undefined ? [] : [name.replace('\\', '/')];
}
