/** Ways in which files of the cache of bundles can be damaged. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The files of one entry, and of another one, which was made of other code. */
export interface CacheEntry {
  bundle: string;
  index: string;
  other: { bundle: string; index: string };
}

type Damage = (entry: CacheEntry) => void;

const half = (path: string): void => truncateSync(path, Math.floor(statSync(path).size / 2));

function flipBit(path: string, share: number): void {
  const bytes = readFileSync(path);
  const at = Math.min(bytes.length - 1, Math.floor(bytes.length * share));
  bytes[at] = bytes[at]! ^ 1;
  writeFileSync(path, bytes);
}

function zeroFrom(path: string, share: number): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0, Math.floor(bytes.length * share)));
}

function swap(one: string, other: string): void {
  renameSync(one, `${one}.aside`);
  renameSync(other, one);
  renameSync(`${one}.aside`, other);
}

function inPlaceOf(path: string, put: () => void): void {
  rmSync(path, { recursive: true, force: true });
  put();
}

const makeFifo = (path: string): void => void execFileSync('mkfifo', [path]);

/** Writes JSON where the index of an earlier version, or of nothing, would be. */
const indexOf =
  (text: string): Damage =>
  ({ index }) =>
    writeFileSync(index, text);

/** Changes the entry in the index and leaves its hash. */
const editedIndex =
  (edit: (entry: Record<string, unknown>) => unknown): Damage =>
  ({ index }) => {
    const stored = readFileSync(index, 'utf8');
    const start = stored.indexOf('{');
    const edited = edit(JSON.parse(stored.slice(start)) as Record<string, unknown>);
    writeFileSync(index, stored.slice(0, start) + JSON.stringify(edited));
  };

/** Every damage by its name. After each of them, a run has to give the verdict of an empty cache. */
export const CACHE_DAMAGES: Readonly<Record<string, Damage>> = {
  'the bundle is empty': ({ bundle }) => truncateSync(bundle),
  'the bundle lacks its second half': ({ bundle }) => half(bundle),
  'the bundle lacks its last byte': ({ bundle }) => truncateSync(bundle, statSync(bundle).size - 1),
  'a bit of the bundle is flipped': ({ bundle }) => flipBit(bundle, 0.3),
  'a bit of the source map is flipped': ({ bundle }) => flipBit(bundle, 0.9),
  'the end of the bundle is zeros': ({ bundle }) => zeroFrom(bundle, 0.5),
  'the bundle has text behind its end': ({ bundle }) =>
    writeFileSync(bundle, `${readFileSync(bundle, 'utf8')}\n;throw new Error('damaged');`),
  'the bundle has other names of activities': ({ bundle }) =>
    writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll('act', 'bct')),
  'the bundle is that of other code': ({ bundle, other }) => copyFileSync(other.bundle, bundle),
  'the bundle is a directory': ({ bundle }) =>
    inPlaceOf(bundle, () => mkdirSync(join(bundle, 'full'), { recursive: true })),
  'the bundle is a link to nothing': ({ bundle }) =>
    inPlaceOf(bundle, () => symlinkSync('/nowhere/bundle.js', bundle)),
  'the bundle is a FIFO without a writer': ({ bundle }) => inPlaceOf(bundle, () => makeFifo(bundle)),
  'the bundle is an endless device': ({ bundle }) =>
    inPlaceOf(bundle, () => symlinkSync('/dev/zero', bundle)),
  'the index is a FIFO without a writer': ({ index }) => inPlaceOf(index, () => makeFifo(index)),
  'the index is an endless device': ({ index }) => inPlaceOf(index, () => symlinkSync('/dev/zero', index)),
  'the bundle is missing': ({ bundle }) => rmSync(bundle),
  'the index is empty': ({ index }) => truncateSync(index),
  'the index lacks its second half': ({ index }) => half(index),
  'a bit of the index is flipped': ({ index }) => flipBit(index, 0.5),
  'the end of the index is zeros': ({ index }) => zeroFrom(index, 0.5),
  'the index is that of other code': ({ index, other }) => copyFileSync(other.index, index),
  'the entries are swapped': ({ index, bundle, other }) => {
    swap(index, other.index);
    swap(bundle, other.bundle);
  },
  'the index is a number': indexOf('1'),
  'the index is null': indexOf('null'),
  'the index is an array': indexOf('[]'),
  'the index is an empty object': indexOf('{}'),
  'the index is a string': indexOf('"index"'),
  'the index leads to another bundle': editedIndex((entry) => ({ ...entry, bundleHash: '../../x' })),
  'the index has no inputs': editedIndex((entry) => ({ ...entry, inputs: null })),
  'the index has empty inputs': editedIndex((entry) => ({ ...entry, inputs: {} })),
  'the index has no absent paths': editedIndex(({ absent: _, ...entry }) => entry),
  'the index has no workflow types': editedIndex(({ workflowTypes: _, ...entry }) => entry),
  'the index has workflow types that are null': editedIndex((entry) => ({ ...entry, workflowTypes: null })),
  'the index has a bundle that is a number': editedIndex((entry) => ({ ...entry, bundleHash: 5 })),
  'the index is a directory': ({ index }) =>
    inPlaceOf(index, () => mkdirSync(join(index, 'full'), { recursive: true })),
};

/** Returns the entries of a cache directory. */
export function cacheEntries(directory: string): { bundle: string; index: string }[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json') && !name.endsWith('.coverage.json'))
    .map((name) => {
      const key = name.slice(0, -'.json'.length);
      const bundle = readdirSync(directory).find(
        (file) => file.startsWith(`${key}-`) && file.endsWith('.js'),
      );
      return { bundle: join(directory, bundle!), index: join(directory, name) };
    });
}
