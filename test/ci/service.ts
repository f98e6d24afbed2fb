import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const MAIN = join(ROOT, 'lib/cli/main.js');

/** Writes a service with real histories and the package installed, whose code is as recorded, or broken. */
export function ciService(code: 'compatible' | 'broken' = 'compatible'): string {
  const directory = scratchDirectory();
  writeEdited(
    join(ROOT, 'test/services/small/workflows.ts'),
    join(directory, 'src/workflows.ts'),
    code === 'broken' ? [['await act(i)', 'await act2(i)']] : [],
  );
  cpSync(join(ROOT, 'test/services/small/histories'), join(directory, 'histories'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{ "name": "ci-service", "private": true }');
  // Trials of suggested code and a second process take longer than the replays.
  const config = { workflowsPath: 'src/workflows.ts', adviceTimeout: 0, concurrency: 1 };
  writeFileSync(join(directory, 'replay.config.json'), JSON.stringify(config));
  installPackage(directory);
  return directory;
}

function installPackage(directory: string): void {
  const bin = join(directory, 'node_modules/.bin/replay');
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  symlinkSync(MAIN, bin);
}
