/** The loading of a module of worker options, which may do anything. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_LOAD_SETTINGS, loadExport } from '../../src/worker-options/load-export';
import { scratchDirectory } from '../helpers/replay-cli';

const OPTIONS = { name: 'workerOptions', kind: 'worker options' };

let directory: string;
beforeAll(() => {
  directory = scratchDirectory();
});

function write(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

let modules = 0;
const loaded = (text: string, settings = DEFAULT_LOAD_SETTINGS): Promise<unknown> =>
  loadExport(write(`options-${++modules}.ts`, text), OPTIONS, settings);

describe('the export of a module', () => {
  it.each([
    ['an object of that name', 'export const workerOptions = { taskQueue: "q" };'],
    ['a default export', 'export default { taskQueue: "q" };'],
    ['a function', 'export function workerOptions() { return { taskQueue: "q" }; }'],
    ['a promise', 'export const workerOptions = Promise.resolve({ taskQueue: "q" });'],
    ['an async function', 'export default async () => ({ taskQueue: "q" });'],
    [
      'CommonJS output of a default export',
      'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = { taskQueue: "q" };',
    ],
  ])('is read from %s', async (_, text) => {
    expect(await loaded(text)).toEqual({ taskQueue: 'q' });
  });

  it.each([
    ['throws', 'throw new Error("DB_URL is not set");', 'cannot be loaded: .*DB_URL is not set'],
    ['exports something else', 'export const options = {};', 'exports no worker options'],
    [
      'has a function that throws',
      'export default () => { throw new Error("no secret"); };',
      'cannot be made: .*no secret',
    ],
  ])('is refused with the name of the file if the module %s', async (_, text, message) => {
    await expect(loaded(text)).rejects.toMatchObject({
      code: 'WORKER_OPTIONS',
      message: expect.stringMatching(new RegExp(`options-\\d+\\.ts.*${message}`)),
    });
  });

  it('is refused if it never settles', async () => {
    const settings = { ...DEFAULT_LOAD_SETTINGS, limitMs: 50 };

    await expect(loaded('export default new Promise(() => {});', settings)).rejects.toMatchObject({
      code: 'WORKER_OPTIONS',
      message: expect.stringContaining('it was not ready after 0.05 s'),
      hint: expect.stringContaining('A replay needs no connection'),
    });
  });
});
