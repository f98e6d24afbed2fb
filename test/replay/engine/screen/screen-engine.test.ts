import type { ReplayableProject } from '../../../../src/replay/engine/loaded-project';
import { ScreenEngine } from '../../../../src/replay/engine/screen/screen-engine';
import { DEFAULT_DIAGNOSIS_NEEDS } from '../../../../src/replay/setup';
import * as sandboxes from '../../../../src/sdk/replay-sandbox';
import { overriding } from '../../../../src/sdk/workflow-creator';
import { identityOf } from '../../../../src/temporal/identity';
import { PROVEN_SERVICES, historiesOf, loadedProjectOf } from '../../../prove-engine/services';

jest.mock('../../../../src/sdk/replay-sandbox', () => {
  const actual = jest.requireActual<typeof sandboxes>('../../../../src/sdk/replay-sandbox');
  return { ...actual, createReplayedWorkflow: jest.fn(actual.createReplayedWorkflow) };
});

const service = PROVEN_SERVICES.find(({ name }) => name === 'small')!;

it('an error that should not happen is unsure, and no later history meets the sandbox that it left', async () => {
  const actual = jest.requireActual<typeof sandboxes>('../../../../src/sdk/replay-sandbox');
  const creators: unknown[] = [];
  jest.mocked(sandboxes.createReplayedWorkflow).mockImplementation(async (creator, ...rest) => {
    const workflow = await actual.createReplayedWorkflow(creator, ...rest);
    creators.push(creator);
    const damaged = overriding(workflow, { dispose: () => Promise.reject(new Error('damaged')) });
    return creator === creators[0] ? damaged : workflow;
  });
  const { history } = historiesOf(service)[0]!;
  const project = (await loadedProjectOf(service)) as ReplayableProject;
  const engine = new ScreenEngine(project, {
    fast: true,
    diagnosis: DEFAULT_DIAGNOSIS_NEEDS,
    counters: null,
  });
  const request = { history, identity: identityOf(history), namespace: 'default' };

  const answers = [await engine.replay(request), await engine.replay(request)];

  expect(answers).toEqual([
    { unsure: 'error', needsNewProcess: false },
    { judgement: expect.objectContaining({ verdict: 'compatible' }) },
  ]);
  await engine.close();
});
