import { basename, dirname, extname, join } from 'node:path';
import { importedFile } from '../source/imported-file';
import { parseSource } from '../source/parse';
import { readTextFile } from '../util/read-text-file';
import { repositoryOf } from './bases';
import { gitOutput } from '../util/git-output';

/** Number of modules between a file and the code outside that are followed. */
const MAX_DEPTH = 4;
const SOURCES = ['*.ts', '*.tsx', '*.mts', '*.cts', '*.js', '*.mjs', '*.cjs', '*.jsx'];
const IS_TEST = /(^|[\\/])(__tests__|tests?|spec)[\\/]|[.-](test|spec)\.[cm]?[jt]sx?$/;

/**
 * Returns a file outside of the bundle, such as one of activities, whose code loads a bundled file; null if there is none, or if git
 * does not know the files. Tests do not count, nor do imports of types.
 */
export async function userOutside(file: string, bundled: ReadonlySet<string>): Promise<string | null> {
  const root = await repositoryOf(dirname(file));
  if (root === null) return null;
  const seen = new Set([file]);
  let level = [file];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth++) {
    const users: string[] = [];
    for (const one of level) users.push(...(await usersOf(one, root)));
    const outside = users.find((user) => !bundled.has(user));
    if (outside !== undefined) return outside;
    // Code that calls functions of the SDK's workflow package does not run elsewhere.
    level = users.filter((user) => !seen.has(user) && !importsWorkflowPackage(user));
    for (const user of level) seen.add(user);
  }
  return null;
}

async function usersOf(file: string, root: string): Promise<string[]> {
  const name = basename(file, extname(file));
  // An index is imported by the name of its folder.
  const mentioned = name === 'index' ? basename(dirname(file)) : name;
  const listed = await gitOutput(root, [
    ...['grep', '--untracked', '-l', '-z', '-I', '-F', '-e', mentioned, '--'],
    ...SOURCES.map((pattern) => `:(top,glob)**/${pattern}`),
  ]);
  return (listed ?? '')
    .split('\0')
    .filter((path) => path !== '' && !IS_TEST.test(path) && !path.includes('node_modules/'))
    .map((path) => join(root, path))
    .filter((path) => path !== file && loads(path, file));
}

const loads = (user: string, file: string): boolean =>
  importsIn(user).some((specifier) => importedFile(specifier, user, [file]) === file);

const importsWorkflowPackage = (file: string): boolean => importsIn(file).includes('@temporalio/workflow');

/** Returns the modules that a file imports at its top, other than for types alone. */
function importsIn(file: string): string[] {
  const text = readTextFile(file);
  const body = text === null ? [] : (parseSource(text, file)?.program.body ?? []);
  return body.flatMap((statement) => {
    switch (statement.type) {
      case 'ImportDeclaration':
        return statement.importKind === 'type' ? [] : [statement.source.value];
      case 'ExportAllDeclaration':
        return statement.exportKind === 'type' ? [] : [statement.source.value];
      case 'ExportNamedDeclaration':
        return statement.source && statement.exportKind !== 'type' ? [statement.source.value] : [];
      default:
        return [];
    }
  });
}
