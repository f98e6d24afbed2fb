import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import {
  createTestEnvironment,
  mockActivities,
  mockChildWorkflows,
  type TestEnvironment,
} from '../../../lib/testing';
import { replay, scratchDirectory } from '../../helpers/replay-cli';
import { lazyMatchers } from '../../../lib/testing/matchers/lazy';
import { Money } from '../../services/converters/money';
import { type Activities, pay, type ship, tip } from '../../services/converters/workflows';

expect.extend(lazyMatchers as jest.ExpectExtendMap);

const { History } = temporal.api.history.v1;
const SERVICE = join(__dirname, '../../services/converters');
const CODE = {
  workflowsPath: join(SERVICE, 'workflows.ts'),
  dataConverter: join(SERVICE, 'data-converter.ts'),
};

describe.each([
  ['time-skipping', false],
  ['full', true],
])(
  'a service with a payload converter and a codec that is bound to its context, on the %s server',
  (_, local) => {
    const activities = mockActivities<Activities>();
    const childWorkflows = mockChildWorkflows<{ ship: typeof ship }>({
      ship: async (value) => value.plus(new Money(1_000n)),
    });
    let env: TestEnvironment;
    beforeAll(async () => {
      env = await createTestEnvironment({ ...CODE, local, activities, childWorkflows });
    });
    afterAll(() => env.teardown());

    it('gives values of its own classes to mocks, and takes them from mocks', async () => {
      activities.fee.mockImplementation(async ({ cents }) => new Money(cents / 10n));
      activities.charge.mockImplementation(async (amount) => amount.plus(new Money(1n)));
      const handle = await env.start(pay, { args: [new Money(100n)] });
      await handle.signal(tip, new Money(5n));

      const paid = await handle.result();

      expect(paid).toEqual(new Money(1_116n));
      expect(paid).toBeInstanceOf(Money);
      expect(activities.fee).toHaveBeenCalledWith(new Money(100n));
      expect(activities.charge).toHaveBeenCalledWith(new Money(115n));
      expect(childWorkflows.ship).toHaveBeenCalledWith(new Money(116n));
      expect(await childWorkflows.ship.signals()).toMatchObject([
        { name: 'insured', args: [new Money(100n)] },
      ]);
      await expect(handle).toHaveActivity('charge', { input: [new Money(115n)] });
    });

    it('stores only encoded payloads on the server', async () => {
      const handle = await env.start(pay, { args: [new Money(4_242n)] });
      await handle.signal(tip, new Money(0n));
      await handle.result();

      const history = Buffer.from(JSON.stringify(await handle.fetchHistory())).toString();

      expect(history).not.toContain('text/money');
      expect(history).not.toContain(Buffer.from('4242').toString('base64'));
    });

    it('finds its runs compatible on replay', async () => {
      await expect(env.replayRuns()).resolves.toBeUndefined();
    });

    it('is replayed by the command line with its data converter alone', async () => {
      const handle = await env.start(pay, { args: [new Money(7n)] });
      await handle.signal(tip, new Money(1n));
      await handle.result();
      const directory = scratchDirectory();
      const bytes = History.encode(await handle.fetchHistory()).finish();
      // The name holds the ids, of which the time-skipping server records no workflow id.
      writeFileSync(join(directory, `${handle.workflowId}_${handle.firstExecutionRunId}.json`), bytes);
      // Such a timer, as of a client for its keys, must not keep the command from ending.
      const dataConverter = join(directory, 'data-converter.ts');
      writeFileSync(
        dataConverter,
        `setInterval(() => undefined, 1_000);\nexport { dataConverter } from '${CODE.dataConverter}';\n`,
      );

      const { code, stdout } = await replay([
        ...['run', directory, '--workflows-path', CODE.workflowsPath, '--data-converter', dataConverter],
        ...['--reporter', 'pretty'],
      ]);

      expect(stdout).toContain('1 history: 1 compatible');
      expect(code).toBe(0);
    });
  },
);
