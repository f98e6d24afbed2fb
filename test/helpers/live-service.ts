import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './replay-cli';

interface LiveRun {
  /** Directory of the service, which finds its packages. */
  directory: string;
  /** Module of worker options, relative to the directory. */
  worker: string;
  workflowId: string;
  address: string;
  env?: Record<string, string>;
  /** The script, which finds the packages of the service from where it is. */
  script?: string;
}

/** Runs a service's worker on a server, and one workflow on it, in a process of its own. */
export async function runLive(run: LiveRun): Promise<void> {
  const { directory, worker, workflowId, address, env } = run;
  const { script = join(ROOT, 'test/services/run-service.ts') } = run;
  const register = join(ROOT, 'node_modules/esbuild-register/register.js');
  await promisify(execFile)(process.execPath, ['-r', register, script, worker, workflowId], {
    cwd: directory,
    env: { ...process.env, ...env, TEMPORAL_ADDRESS: address },
  });
}
