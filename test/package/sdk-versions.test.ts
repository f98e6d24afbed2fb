/** Tests the packed tarball with versions of the SDK between and below those of `tarball.test.ts`. */
import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLDEST_SDK } from '../../src/packages/supported-sdk';
import { BOOKING_VERDICTS, replayBookings, writeBookingService } from '../helpers/booking-histories';
import { isWhole } from '../helpers/extent';
import { installedService, sdkDependencies } from '../helpers/packed-service';
import { type PackedTarball, packTarball } from '../helpers/packed-tarball';

const LOWEST = OLDEST_SDK;
/** Each version, and if its bundles share module state with the newest webpack. */
const VERSIONS: Readonly<Record<string, { sharesModuleState: boolean }>> = {
  [LOWEST]: { sharesModuleState: true },
  ...(isWhole && { '1.18.1': { sharesModuleState: true }, '1.21.1': { sharesModuleState: false } }),
};
const FOR_REPLAY = ['activity', 'client', 'common', 'proto', 'worker', 'workflow'];
const FOR_TESTS = { ...sdkDependencies(LOWEST, ['testing']), jest: '^30.0.0', typescript: '^6.0.3' };

const SUITE = `import { createTestEnvironment, mockActivities } from 'temporal-replay/testing';

interface Activities {
  note(id: string, step: number): Promise<void>;
  quick(text: string): Promise<string>;
}

it('runs a workflow with mocks, and replays it', async () => {
  const activities = mockActivities<Activities>({ note: async () => undefined, quick: async (text) => text });
  activities.note.failTimes(1);
  const env = await createTestEnvironment({ workflowsPath: 'isolation/state.ts', activities });
  const handle = await env.start('booking', { args: ['b1'] });

  expect(await handle.result()).toBe(2);
  expect(activities.note).toHaveBeenCalledTimes(2);
  await expect(handle).toReplay();
  await env.teardown();
});
`;

/** Runs an installed command in the service with a version of the SDK. */
const runBin = (
  name: string,
  args: string[],
  version = LOWEST,
): Promise<{ code: number; output: string }> => {
  const cwd = services.get(version)!;
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
  return new Promise((resolve) =>
    execFile(join(cwd, 'node_modules/.bin', name), args, { cwd, env }, (err, stdout, stderr) =>
      resolve({ code: Number(err?.code ?? 0), output: stdout + stderr }),
    ),
  );
};

let tarball: PackedTarball;
const services = new Map<string, string>();
beforeAll(async () => {
  tarball = packTarball();
  await Promise.all(
    Object.keys(VERSIONS).map(async (version) => {
      const more = version === LOWEST ? FOR_TESTS : {};
      const directory = await installedService(tarball, { ...sdkDependencies(version, FOR_REPLAY), ...more });
      services.set(version, directory);
      writeBookingService(directory);
    }),
  );
}, 480_000);

afterAll(() => {
  tarball.remove();
  for (const directory of services.values()) rmSync(directory, { recursive: true, force: true });
});

describe.each(Object.entries(VERSIONS))('the packed tarball with SDK %s', (version, expected) => {
  it('gives each history the verdict that it has alone, with the line of the code', async () => {
    const verdicts = await replayBookings(services.get(version)!);

    expect(verdicts).toEqual({ ...BOOKING_VERDICTS, ...expected });
  });
});

if (isWhole)
  it('shows in `replay doctor` that an SDK does not keep module state apart', async () => {
    const { code, output } = await runBin('replay', ['doctor', '--address', '127.0.0.1:1'], '1.18.1');

    expect(output).toMatch(
      /worker 1\.18\.1 with webpack 5\.\d+\.\d+ does not keep it apart.*1\.18\.2 or later/s,
    );
    expect(code).toBe(0);
  });

describe('the packed tarball with the oldest SDK', () => {
  it('tests workflows with jest', async () => {
    const directory = services.get(LOWEST)!;
    mkdirSync(join(directory, 'test'));
    writeFileSync(
      join(directory, 'jest.config.js'),
      "module.exports = { preset: 'temporal-replay', testTimeout: 120_000, testMatch: ['**/test/*.test.ts'] };",
    );
    writeFileSync(join(directory, 'test/booking.test.ts'), SUITE);

    const { output } = await runBin('jest', []);

    expect(output).toMatch(/Tests: +1 passed, 1 total/);
  });

  it('says for a fetch that it needs a newer one', async () => {
    const { code, output } = await runBin('replay', ['fetch', '--workflow-id', 'b1']);

    expect(output).toMatch(/@temporalio\/envconfig is not installed.*too old.*1\.9\.3.*1\.13\.2 or newer/s);
    expect(code).toBe(2);
  });
});
