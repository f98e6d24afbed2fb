import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, replay } from '../helpers/replay-cli';

let service: string;
beforeEach(() => {
  service = realpathSync(mkdtempSync(join(tmpdir(), 'temporal-replay-resolution-')));
});
afterEach(() => rmSync(service, { recursive: true, force: true }));

/** Writes a package that exports its own path below the service. */
function install(path: string, version = '1.20.3'): void {
  const directory = join(service, path);
  mkdirSync(directory, { recursive: true });
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }));
  writeFileSync(join(directory, 'index.js'), `module.exports = ${JSON.stringify(path)};`);
}

/** Evaluates an expression in a process that has loaded the built resolution. `sdk` is the module. */
const evaluate = (expression: string, cwd = service): string =>
  execFileSync(
    process.execPath,
    [
      '-e',
      `const sdk = require(${JSON.stringify(join(ROOT, 'lib/packages/sdk-resolution.js'))}); console.log(${expression});`,
    ],
    { cwd, encoding: 'utf8' },
  ).trim();

const resolvedFrom = (directory: string, name: string): string =>
  evaluate(`(sdk.useSdkOf(${JSON.stringify(join(service, directory))}), require(sdk.resolveSdk('${name}')))`);

describe('the SDK that this package loads', () => {
  it('is the one of the service, with the packages of its worker', () => {
    install('node_modules/@temporalio/worker');
    install('node_modules/@temporalio/worker/node_modules/@temporalio/common');
    install('node_modules/@temporalio/common', '1.24.0');

    expect(resolvedFrom('src', '@temporalio/worker')).toBe('node_modules/@temporalio/worker');
    expect(resolvedFrom('src', '@temporalio/common')).toBe(
      'node_modules/@temporalio/worker/node_modules/@temporalio/common',
    );
  });

  it('is the one of the package with the workflow code, where a workspace has another one at its root', () => {
    install('node_modules/@temporalio/worker', '1.24.0');
    install('packages/orders/node_modules/@temporalio/worker');

    expect(resolvedFrom('packages/orders/src', '@temporalio/worker')).toBe(
      'packages/orders/node_modules/@temporalio/worker',
    );
  });

  it('is that of a client where there is no worker', () => {
    install('node_modules/@temporalio/client');
    install('node_modules/@temporalio/client/node_modules/@temporalio/proto');

    expect(resolvedFrom('.', '@temporalio/proto')).toBe(
      'node_modules/@temporalio/client/node_modules/@temporalio/proto',
    );
  });

  it('is passed on to a forked process, and not to the commands that it starts', () => {
    const { TEMPORAL_REPLAY_SDK_FROM: from } = JSON.parse(
      evaluate(`(sdk.useSdkOf(${JSON.stringify(service)}), JSON.stringify(sdk.sdkEnvironment()))`),
    ) as Record<string, string>;
    const inChild = execFileSync(
      process.execPath,
      [
        '-p',
        `require(${JSON.stringify(join(ROOT, 'lib/packages/sdk-resolution.js'))}); 'TEMPORAL_REPLAY_SDK_FROM' in process.env`,
      ],
      { encoding: 'utf8', env: { ...process.env, TEMPORAL_REPLAY_SDK_FROM: from } },
    );

    expect(from).toBe(ROOT);
    expect(inChild).toBe('false\n');
  });

  it('leaves the imports of other code alone', () => {
    install('node_modules/@temporalio/worker');
    const other = join(service, 'elsewhere/index.js');
    mkdirSync(dirname(other), { recursive: true });
    writeFileSync(other, "module.exports = require('@temporalio/worker');");

    expect(evaluate(`require(${JSON.stringify(other)})`)).toBe('node_modules/@temporalio/worker');
  });

  it('has one version for all projects of a run', async () => {
    for (const [name, version] of Object.entries({ orders: '1.20.3', billing: '1.24.0' })) {
      install(`packages/${name}/node_modules/@temporalio/worker`, version);
      writeFileSync(join(service, `packages/${name}/workflows.ts`), '');
    }
    writeFileSync(
      join(service, 'replay.config.json'),
      JSON.stringify({
        projects: ['orders', 'billing'].map((name) => ({
          name,
          workflowsPath: `packages/${name}/workflows.ts`,
        })),
      }),
    );

    const { code, stderr } = await replay(['run', join(ROOT, 'test/services/small/histories')], {
      cwd: service,
    });

    expect(code).toBe(2);
    expect(stderr).toContain(
      'The projects have different versions of @temporalio/worker: orders has 1.20.3, and billing has 1.24.0. [DUPLICATE_PACKAGES]',
    );
  });
});
