/** Replays all recorded histories with both engines. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { ReplayableProject } from '../../../../src/replay/engine/loaded-project';
import { BothEngines, disagree } from '../../../prove-engine/compare-engines';
import { PROVEN_SERVICES, historiesOf, loadedProjectOf } from '../../../prove-engine/services';

beforeAll(() => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'off', forward: {} } },
  });
});

describe.each(PROVEN_SERVICES)('the screen on the histories of $name', (service) => {
  it('finds them compatible as core does, and is sure of each', async () => {
    const engines = new BothEngines((await loadedProjectOf(service)) as ReplayableProject);

    for (const history of historiesOf(service)) {
      const compared = await engines.replay(history);

      expect({ file: compared.file, screen: compared.screen }).toEqual({
        file: history.file,
        screen: compared.core,
      });
      expect(disagree(compared)).toBe(false);
    }
    await engines.close();
  }, 60_000);
});
