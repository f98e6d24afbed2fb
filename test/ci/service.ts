import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORTERS } from '../../src/report';
import { ROOT, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const MAIN = join(ROOT, 'lib/cli/main.js');
const NEEDED = ['github', 'html', 'junit'];

/** Whether this CLI has every reporter that action.yml and the GitLab template ask for. */
export const hasAllReporters = NEEDED.every((name) => name in REPORTERS);

/** A service with real histories and the package installed; its code is as recorded, or broken. */
export function ciService(code: 'compatible' | 'broken' = 'compatible'): string {
  const directory = scratchDirectory();
  writeEdited(
    join(ROOT, 'test/services/small/workflows.ts'),
    join(directory, 'src/workflows.ts'),
    code === 'broken' ? [['await act(i)', 'await act2(i)']] : [],
  );
  cpSync(join(ROOT, 'test/services/small/histories'), join(directory, 'histories'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "name": "ci-service", "private": true }');
  writeFileSync(join(directory, 'replay.config.json'), '{ "workflowsPath": "src/workflows.ts" }');
  installPackage(directory);
  return directory;
}

function installPackage(directory: string): void {
  const bin = join(directory, 'node_modules/.bin/replay');
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  if (hasAllReporters) return symlinkSync(MAIN, bin);
  writeFileSync(bin, ONE_REPORTER);
  chmodSync(bin, 0o755);
}

/** For a CLI with one reporter at a time: passes `--reporter json=path` on as it takes it, and drops the others. */
const ONE_REPORTER = `#!/usr/bin/env node
const [command, ...args] = process.argv.slice(2);
const kept = [command];
while (args.length > 0) {
  const arg = args.shift();
  const [name, path] = arg === '--reporter' ? args.shift().split('=') : [];
  if (name === 'json') kept.push('--reporter', 'json', '--output', path);
  else if (name === undefined) kept.push(arg);
}
process.exitCode = require('child_process').spawnSync(process.execPath, [${JSON.stringify(MAIN)}, ...kept], { stdio: 'inherit' }).status;
`;
