/**
 * Holds the screen against core over all recorded histories: the activations that it makes against those that core sends, and its
 * answers against those of core.
 */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { ReplayableProject } from '../../../../src/replay/engine/loaded-project';
import { isWhole } from '../../../helpers/extent';
import { ActivationsComparison, type ComparedActivations } from '../../../prove-engine/activations';
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
  const histories = historiesOf(service);
  let project: ReplayableProject;
  beforeAll(async () => {
    project = (await loadedProjectOf(service)) as ReplayableProject;
  });

  it('makes activations that equal those of core, field by field', async () => {
    expect(histories).not.toHaveLength(0);
    const comparison = new ActivationsComparison(project);
    for (const history of histories) {
      const { file } = history;
      const found = await comparison.compare(history);
      expect({ file, ...found }).toEqual<ComparedActivations & { file: string }>({
        file,
        equal: found.total,
        total: found.total,
        difference: null,
        unsure: null,
      });
    }
    await comparison.close();
  }, 60_000);

  it('finds those compatible that core does, and says nothing about the others', async () => {
    const engines = new BothEngines(project);

    // Their activations are those of core, by the test above.
    const some = isWhole ? histories : histories.filter((_, i) => i % 3 === 0);
    for (const history of some) {
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
