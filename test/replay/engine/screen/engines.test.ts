/** Replays all recorded histories with both engines. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { ReplayableProject } from '../../../../src/replay/engine/loaded-project';
import { BothEngines } from '../../../prove-engine/compare-engines';
import { PROVEN_SERVICES, historiesOf, loadedProjectOf } from '../../../prove-engine/services';

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
});

/** Services that the screen leaves to core as a whole, with its reason. */
const LEFT_TO_CORE: Readonly<Record<string, string>> = { 'worker-options': 'sinks' };

describe.each(PROVEN_SERVICES)('the screen on the histories of $name', (service) => {
  it('finds those compatible that core does, and says nothing about the others', async () => {
    const engines = new BothEngines((await loadedProjectOf(service)) as ReplayableProject);

    for (const history of historiesOf(service)) {
      const { file, core, screen } = await engines.replay(history);

      const unsure = LEFT_TO_CORE[service.name];
      const isCompatible = core !== null && 'verdict' in core && core.verdict === 'compatible';
      expect({ file, screen }).toEqual({
        file,
        screen: isCompatible && unsure === undefined ? core : { unsure: unsure ?? expect.any(String) },
      });
    }
    await engines.close();
  }, 60_000);
});
