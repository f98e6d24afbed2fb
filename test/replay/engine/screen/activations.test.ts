/** Holds the activations that the screen makes of all recorded histories against those that core sends. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { ReplayableProject } from '../../../../src/replay/engine/loaded-project';
import { type ComparedActivations, compareActivations } from '../../../prove-engine/activations';
import { PROVEN_SERVICES, historiesOf, loadedProjectOf } from '../../../prove-engine/services';

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
});

describe.each(PROVEN_SERVICES)('the activations for the histories of $name', (service) => {
  it('equal those of core, field by field', async () => {
    const project = (await loadedProjectOf(service)) as ReplayableProject;
    const histories = historiesOf(service);

    const compared = await compareActivations(project, histories);

    expect(compared.size).toBeGreaterThan(0);
    for (const [{ file }, found] of compared)
      expect({ file, ...found }).toEqual<ComparedActivations & { file: string }>({
        file,
        equal: found.total,
        total: found.total,
        difference: null,
        unsure: null,
      });
  }, 60_000);
});
