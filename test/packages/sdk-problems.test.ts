import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { examineSdk, explainMissing, requireSdk, requireSdkOfWorker } from '../../src/packages/sdk-problems';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'temporal-replay-sdk-')));
  jest.spyOn(process, 'cwd').mockReturnValue(root);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

/** Writes files of a service, with objects as JSON. */
function write(files: Record<string, unknown>): void {
  for (const [file, content] of Object.entries(files)) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** Installs packages: `worker`, or `client/node_modules/@temporalio/common` for a nested copy. */
function install(versions: Record<string, string>): void {
  for (const [path, version] of Object.entries(versions)) {
    const name = `@temporalio/${path.split('/').pop()}`;
    write({ [`node_modules/@temporalio/${path}/package.json`]: { name, version } });
  }
}

const listed = (...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [`@temporalio/${name}`, '^1.0.0']));

describe('examineSdk', () => {
  it('finds nothing wrong with an SDK of one version', () => {
    write({ 'package.json': { dependencies: listed('worker') } });
    install({ worker: '1.20.3', common: '1.20.3' });

    const { problems, remedy } = examineSdk(root, { needs: ['@temporalio/worker'] });

    expect({ problems, remedy }).toEqual({ problems: [], remedy: '' });
  });

  it('names all missing packages in one command, in the version of the worker', () => {
    write({ 'package.json': { dependencies: listed('worker') }, 'package-lock.json': '{}' });
    install({ worker: '1.20.3' });

    const { problems, remedy } = examineSdk(root, {
      needs: ['@temporalio/envconfig', '@temporalio/testing'],
    });

    expect(problems).toEqual([
      { code: 'PACKAGE_MISSING', text: '@temporalio/envconfig and @temporalio/testing are not installed.' },
    ]);
    expect(remedy).toContain(
      ': npm install --save-dev @temporalio/envconfig@1.20.3 @temporalio/testing@1.20.3',
    );
  });

  it('asks to install what package.json lists already', () => {
    write({ 'package.json': { dependencies: listed('worker') }, 'pnpm-lock.yaml': "lockfileVersion: '9.0'" });

    const { problems, remedy } = examineSdk(root, { needs: ['@temporalio/worker'] });

    expect(problems.map(({ text }) => text)).toEqual([
      '@temporalio/worker is not installed, although package.json lists it.',
    ]);
    expect(remedy).toMatch(/: pnpm install --frozen-lockfile$/);
  });

  it('upgrades every listed package of an SDK that is too old, and adds the missing ones, in one command', () => {
    write({ 'package.json': { dependencies: listed('worker', 'client') }, 'yarn.lock': '__metadata:\n' });
    install({ worker: '1.8.6', client: '1.8.6', common: '1.8.6', proto: '1.8.6' });

    const { problems, remedy } = examineSdk(root, { needs: ['@temporalio/worker', '@temporalio/testing'] });

    expect(problems.map(({ code }) => code)).toEqual(['PACKAGE_MISSING', 'SDK_TOO_OLD']);
    expect(problems[1]!.text).toMatch(
      /^The Temporal SDK is too old: @temporalio\/worker is 1\.8\.6, and 1\.\d+\.\d+ or newer is needed\.$/,
    );
    expect(remedy).toContain(': yarn add @temporalio/testing@1 @temporalio/worker@1 @temporalio/client@1');
  });

  it('gives a newer package the version of the worker when it has brought an SDK of its own', () => {
    write({ 'package.json': { dependencies: listed('worker'), devDependencies: listed('testing') } });
    write({ 'bun.lock': '' });
    install({ worker: '1.20.3', common: '1.20.3', testing: '1.24.0' });
    install({ 'testing/node_modules/@temporalio/common': '1.24.0' });

    const { problems, remedy } = examineSdk(root, { needs: ['@temporalio/worker'] });

    expect(problems.map(({ code }) => code)).toEqual(['DUPLICATE_PACKAGES']);
    expect(problems[0]!.text).toMatch(
      /^There are several copies of @temporalio\/common: 1\.20\.3 in .* and 1\.24\.0 in /,
    );
    expect(remedy).toBe('Use one version for all of them: bun add --dev @temporalio/testing@1.20.3');
  });

  it('is no reason to refuse a replay if only another dependency has copies of its own', () => {
    write({ 'package.json': { dependencies: listed('worker', 'testing') } });
    install({ worker: '1.20.3', common: '1.20.3', testing: '1.24.0' });
    install({ 'testing/node_modules/@temporalio/common': '1.24.0' });

    expect(() => requireSdkOfWorker(root)).not.toThrow();
    expect(() => requireSdk(root, ['@temporalio/worker'])).toThrow('several copies');
  });

  it('keeps a dependency where package.json has it', () => {
    write({ 'package.json': { dependencies: listed('worker', 'client') } });
    install({ worker: '1.24.0', common: '1.24.0', client: '1.20.3' });
    install({ 'client/node_modules/@temporalio/common': '1.20.3' });

    const { remedy } = examineSdk(root, { needs: ['@temporalio/worker'] });

    expect(remedy).toBe('Use one version for all of them: npm install @temporalio/client@1.24.0');
  });

  it.each([
    ['package-lock.json', 'Run `npm dedupe`, or pin all @temporalio packages to one version.'],
    ['pnpm-lock.yaml', 'Run `pnpm dedupe`, or pin all @temporalio packages to one version.'],
    ['bun.lock', 'Pin all @temporalio packages to one version.'],
  ])('joins copies of one version with the means of the package manager (%s)', (lockfile, expected) => {
    write({ 'package.json': {}, [lockfile]: '' });
    install({ worker: '1.20.3', common: '1.20.3', 'worker/node_modules/@temporalio/common': '1.20.3' });

    expect(examineSdk(root, { needs: [] }).remedy).toBe(expected);
  });

  it('says in which package of a workspace the command is to be run', () => {
    write({ 'package.json': { workspaces: ['packages/*'] }, 'yarn.lock': '# yarn lockfile v1\n' });
    write({ 'packages/orders/package.json': {} });

    const { remedy } = examineSdk(join(root, 'packages/orders'), { needs: ['@temporalio/worker'] });

    expect(remedy).toBe('Install the SDK in packages/orders: yarn add --dev @temporalio/worker@1');
  });
});

describe('requireSdk', () => {
  it('throws one error for all problems', () => {
    write({ 'package.json': { dependencies: listed('worker') } });
    install({ worker: '1.8.6' });

    expect(() => requireSdk(root, ['@temporalio/worker', '@temporalio/envconfig'])).toThrow(
      expect.objectContaining({
        code: 'PACKAGE_MISSING',
        message: expect.stringMatching(/envconfig is not installed\. The Temporal SDK is too old: /),
        hint: expect.stringContaining('@temporalio/envconfig@1 @temporalio/worker@1'),
      }),
    );
  });
});

describe('explainMissing', () => {
  it('asks for the worker where a package is missing that comes with it', () => {
    write({ 'package.json': {} });

    expect(explainMissing('@temporalio/proto', root)).toMatchObject({
      code: 'PACKAGE_MISSING',
      message: '@temporalio/worker is not installed.',
      hint: 'Install the SDK: npm install --save-dev @temporalio/worker@1',
    });
  });
});
