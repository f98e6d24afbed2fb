import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { locateServer } from '../../src/server/locate';

const ROOT = resolve(__dirname, '../..');

/** Builds `lib/` if it is older than `src/`, and installs the servers, which would count against some test's time. */
export default async function globalSetup(): Promise<void> {
  if (isStale()) build();
  await locateServer('dev-server');
  await locateServer('time-skipping');
}

/** Returns true if `lib/`, which many tests run, is missing or older than a file that it is built from. */
function isStale(): boolean {
  const built = changeTime('lib/index.js');
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.m?ts$/.test(file))
    .map((file) => join('src', file));
  return [...sources, 'tsconfig.json', 'tsconfig.build.json'].some((file) => changeTime(file) > built);
}

const changeTime = (file: string): number =>
  statSync(join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs `npm run build`. TypeScript emits code with type errors too, so these do not keep a test from running. */
function build(): void {
  process.stderr.write('lib/ is older than src/: building it (npm run build).\n');
  try {
    execFileSync('npm', ['run', 'build', '--silent'], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch {
    if (isStale()) throw new Error('lib/ is older than src/, and `npm run build` failed.');
  }
}
