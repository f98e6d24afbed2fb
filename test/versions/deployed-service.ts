import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, bundleWorkflowCode } from '@temporalio/worker';
import { scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

/** The code that runs, and changes of it. Runs of `order` wait for a signal. */
const V1 = `import {
  condition, defineSignal, makeContinueAsNewFunc, proxyActivities, setHandler, sleep,
} from '@temporalio/workflow';
const { charge, pack } = proxyActivities<Record<'charge' | 'pack', () => Promise<void>>>({ startToCloseTimeout: '1 minute' });
export async function order(isLarge: boolean): Promise<void> {
  let isPaid = false;
  setHandler(defineSignal('pay'), () => void (isPaid = true));
  await charge();
  if (isLarge) await pack();
  await condition(() => isPaid);
  await sleep('1 hour');
}
export async function poll(cursor: any): Promise<void> {
  let isPaid = false;
  setHandler(defineSignal('pay'), () => void (isPaid = true));
  await condition(() => isPaid);
  await makeContinueAsNewFunc<typeof poll>({ initialVersioningBehavior: 'AUTO_UPGRADE' })(cursor);
}
export async function bill(): Promise<void> {
  throw new TypeError('no card');
}
export async function reminder(): Promise<void> {
  await sleep('30 days');
}
`;
/** Breaks the runs of large orders alone. */
const V2 = V1.replace('if (isLarge) await pack();', 'if (isLarge) await sleep(10);');

const CODE = {
  'v1.ts': V1,
  'v2.ts': V2,
  // Takes another input for `poll`, and fails runs for errors instead of their workflow tasks.
  'v3.ts':
    V2.replace('import {', 'import { patched, setWorkflowOptions,')
      .replace("await sleep('30 days')", "if (!patched('no-reminder')) await sleep('30 days')")
      .replace(
        "let isPaid = false;\n  setHandler(defineSignal('pay'), () => void (isPaid = true));\n  await condition",
        'let isPaid = cursor.page.toFixed() === "";\n  setHandler(defineSignal("pay"), () => void (isPaid = true));\n  await condition',
      ) +
    'setWorkflowOptions({ failureExceptionTypes: [Error] }, order);\n' +
    'setWorkflowOptions({ failureExceptionTypes: [TypeError] }, bill);\n',
  'broken.ts': "import { patched } from '@temporalio/workflow';\n\nexport const isNew = patched('now');\n",
  'no-reminder.ts': V1.slice(0, V1.indexOf('export async function reminder')),
};

export interface DeployedService {
  directory: string;
  env: TestWorkflowEnvironment;
  /** Starts a worker of one of the code's files. With a version, that becomes the current one of its deployment, or ramps up. */
  deploy(file: keyof typeof CODE, taskQueue: string, version?: DeployedVersion): Promise<Worker>;
  stop(worker: Worker): Promise<void>;
}

export interface DeployedVersion {
  deploymentName: string;
  buildId: string;
  behavior: 'PINNED' | 'AUTO_UPGRADE';
  /** Share of the runs that the version gets while it ramps up, in percent. */
  ramp?: number;
}

/** Writes a service whose versions are deployed to a server. */
export function deployedService(env: TestWorkflowEnvironment): DeployedService {
  const directory = scratchDirectory();
  writeFiles(directory, CODE);
  const running = new Map<Worker, Promise<void>>();
  const bundles = new Map<string, ReturnType<typeof bundleWorkflowCode>>();
  const bundled = (file: string): ReturnType<typeof bundleWorkflowCode> => {
    const known = bundles.get(file);
    if (known) return known;
    const bundle = bundleWorkflowCode({ workflowsPath: join(directory, file), logger: SILENT });
    bundles.set(file, bundle);
    return bundle;
  };
  return {
    directory,
    env,
    async deploy(file, taskQueue, version) {
      const { behavior, ramp, ...named } = version ?? {};
      const worker = await Worker.create({
        connection: env.nativeConnection,
        taskQueue,
        workflowBundle: await bundled(file),
        activities: { charge: async () => undefined, pack: async () => undefined },
        ...(version && {
          workerDeploymentOptions: {
            useWorkerVersioning: true,
            version: named as DeployedVersion,
            defaultVersioningBehavior: behavior!,
          },
        }),
      });
      running.set(worker, worker.run());
      if (version) await (ramp === undefined ? makeCurrent(env, version) : rampUp(env, version, ramp));
      return worker;
    },
    async stop(worker) {
      worker.shutdown();
      await running.get(worker);
    },
  };
}

const quiet = (): void => undefined;
export const SILENT = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** Makes a version the current one of its deployment, as soon as the server knows it. */
async function makeCurrent(env: TestWorkflowEnvironment, version: DeployedVersion): Promise<void> {
  const { deploymentName, buildId } = version;
  await until(async () => {
    const request = { namespace: 'default', deploymentName, buildId };
    await env.client.workflowService.setWorkerDeploymentCurrentVersion(request);
    return true;
  });
}

/** Gives a version a share of the runs of its deployment. */
export async function rampUp(
  env: TestWorkflowEnvironment,
  { deploymentName, buildId }: Pick<DeployedVersion, 'deploymentName' | 'buildId'>,
  percentage: number,
): Promise<void> {
  await until(async () => {
    const request = { namespace: 'default', deploymentName, buildId, percentage };
    await env.client.workflowService.setWorkerDeploymentRampingVersion(request);
    return true;
  });
}

/** Waits until a check returns true. An error counts as false. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (await check().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
