/**
 * Records test/diagnosis/score/services/<name>/histories anew, on a real dev server.
 *
 * `node -r esbuild-register test/diagnosis/score/record.ts [service …]`
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { openDatabase } from '../../../examples/order-service/src/database';
import { CLIENT_IDENTITY } from '../../../scripts/recording/recorder';
import { encodeHistory } from '../../../src/history/encode';
import { startDevServer } from '../../../src/server/start';
import { type Case, type Service, ServiceRecorder } from './recording';
import { SERVICES } from './services/services';
import { serviceDirectory, writeService } from './service-files';

const ROOT = resolve(__dirname, '../../..');

async function main(names: readonly string[]): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const env = await startDevServer({
    searchAttributes: { OnboardingStage: 'Keyword', MeterSite: 'Keyword' },
    client: { identity: CLIENT_IDENTITY },
    // It complains of what is meant here: workers that go away.
    logLevel: 'never',
  });
  // Nothing of it is used: each worker here brings its own activities.
  const db = openDatabase();
  mkdirSync(join(ROOT, 'test/scratch'), { recursive: true });
  const scratch = mkdtempSync(join(ROOT, 'test/scratch/record-'));
  try {
    const recorder = new ServiceRecorder(env, db);
    for (const service of SERVICES.filter(({ name }) => names.length === 0 || names.includes(name))) {
      await recordService(service, recorder, scratch);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await env.teardown();
    db.close();
  }
}

async function recordService(service: Service, recorder: ServiceRecorder, scratch: string): Promise<void> {
  const aside = join(scratch, `${service.name}-histories`);
  mkdirSync(aside);
  const changed = service.cases.filter(({ code }) => code !== undefined);
  const current = service.cases.filter(({ code }) => code === undefined);
  await recordCases(current, service, serviceDirectory(service.name), recorder, aside);
  for (const each of changed) {
    const directory = join(scratch, `${service.name}-${each.history}`);
    writeService(service.name, directory, each.code);
    await recordCases([each], service, directory, recorder, aside);
  }
  const out = join(serviceDirectory(service.name), 'histories');
  rmSync(out, { recursive: true, force: true });
  cpSync(aside, out, { recursive: true });
}

async function recordCases(
  cases: readonly Case[],
  service: Service,
  directory: string,
  recorder: ServiceRecorder,
  out: string,
): Promise<void> {
  const { name, activities, interceptors } = service;
  const options = {
    taskQueue: name,
    identity: `${name}-service`,
    workflowsPath: join(directory, 'workflows.ts'),
    activities,
    ...(interceptors && { interceptors: { workflowModules: [join(directory, interceptors)] } }),
  };
  await recorder.withWorker(options, async () => {
    await Promise.all(
      cases.map(async (each) => {
        const text = await recordCase(each, name, recorder);
        // Failures carry stacks: those recorded name files as they are in the repository.
        const here = `${directory}/`.slice(ROOT.length + 1);
        const own = `test/diagnosis/score/services/${name}/`;
        writeFileSync(
          join(out, `${each.history}.json`),
          text.replaceAll(`${ROOT}/`, '').replaceAll(here, own),
        );
        console.error(`recorded ${name}/${each.history}`);
      }),
    );
  });
}

async function recordCase(each: Case, name: string, recorder: ServiceRecorder): Promise<string> {
  const handle = await recorder.client.workflow.start(each.type, {
    taskQueue: name,
    workflowId: each.workflowId ?? `${name}-${each.history}`,
    args: each.args,
  });
  await each.drive?.(recorder, handle);
  if (each.leaveOpen) await each.leaveOpen(recorder, handle);
  else await recorder.ended(handle);
  const run = recorder.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
  return encodeHistory(await run.fetchHistory());
}

main(process.argv.slice(2)).catch((err: unknown) => {
  console.error(err);
  process.exitCode = 1;
});
