/** The project that a history goes to: that of its task queue, of its deployment version, and with its type, in this order. */
import { type HistoryOrigin, projectsFor, unknownWorkflowType } from '../../src/replay/routing';
import type { BundledProject } from '../../src/replay/setup';
import { ANY_PROJECT } from '../helpers/worker-source';

interface Given {
  types?: string[];
  queue?: string;
  version?: string;
  unbuilt?: true;
}

const project = (
  name: string,
  { types = ['order'], queue, version, unbuilt }: Given = {},
): BundledProject => ({
  ...ANY_PROJECT,
  name,
  taskQueue: queue ?? null,
  deploymentVersion: version ?? null,
  ...(unbuilt
    ? { failure: { summary: 'It does not build', details: null }, missing: [] }
    : {
        bundlePath: `/bundles/${name}.js`,
        bundleHash: '',
        contexts: { kind: 'reused' as const, because: 'default' as const },
        workflowTypes: types,
      }),
});

const origin = (given: Partial<HistoryOrigin> = {}): HistoryOrigin => ({
  workflowType: 'order',
  taskQueue: 'q2',
  version: null,
  ...given,
});

const routed = (given: Partial<HistoryOrigin>, projects: BundledProject[]): string[] =>
  projectsFor(origin(given), projects).map(({ name }) => name);

describe('by task queue, a history goes to', () => {
  it('the project that names its queue', () => {
    expect(routed({}, [project('a', { queue: 'q1' }), project('b', { queue: 'q2' })])).toEqual(['b']);
  });

  it('the project that is named as its queue, since `replay init` names projects so', () => {
    expect(routed({}, [project('q1'), project('q2')])).toEqual(['q2']);
  });

  it('not to a project that names another queue, although it is named as this one', () => {
    expect(routed({}, [project('q2', { queue: 'q1' }), project('b', { queue: 'q2' })])).toEqual(['b']);
  });

  it('the only project with its type if no project has its queue', () => {
    const projects = [project('a', { queue: 'q1' }), project('b', { queue: 'q3', types: ['other'] })];

    expect(routed({}, projects)).toEqual(['a']);
  });

  it('a project that names no queue if the one of its queue lacks the type', () => {
    const projects = [project('a', { queue: 'q2', types: [] }), project('b'), project('c', { queue: 'q1' })];

    expect(routed({}, projects)).toEqual(['b']);
  });

  it('no project if only that of another queue has its type', () => {
    const projects = [project('a', { queue: 'q2', types: [] }), project('b', { queue: 'q1' })];

    expect(routed({}, projects)).toEqual([]);
    expect(unknownWorkflowType(origin(), projects)).toMatchObject({
      code: 'UNKNOWN_WORKFLOW_TYPE',
      message: 'The bundle of task queue q2 has no workflow type order: b has it, on task queue q1.',
    });
  });

  it('no project if none has its type, whose error names each known type once', () => {
    const projects = [project('a', { types: ['pay'] }), project('b', { types: ['pay'] })];

    expect(unknownWorkflowType(origin(), projects).message).toContain('no workflow type order: it has pay.');
  });

  it('the project of its queue that could not be built', () => {
    expect(routed({}, [project('a'), project('b', { queue: 'q2', unbuilt: true })])).toEqual(['b']);
  });
});

describe('by deployment version, a history goes to', () => {
  const recorded = { deploymentName: 'orders', buildId: 'v1.2' };

  it.each([['orders.v1.2'], ['orders:v1.2'], ['v1.2']])('the project that names it as %s', (version) => {
    const projects = [project('new', { version: 'orders.v2' }), project('old', { version })];

    expect(routed({ version: recorded }, projects)).toEqual(['old']);
  });

  it('a project without a version rather than to one of another version', () => {
    const projects = [project('new', { version: 'orders.v2' }), project('any')];

    expect(routed({ version: recorded }, projects)).toEqual(['any']);
  });

  it('the project of its queue, whatever version another one has', () => {
    const projects = [project('a', { queue: 'q1', version: 'orders.v1.2' }), project('b', { queue: 'q2' })];

    expect(routed({ version: recorded }, projects)).toEqual(['b']);
  });
});

describe('by type, a history goes to', () => {
  it('each project that has it, if nothing decides between them', () => {
    expect(routed({}, [project('a'), project('b'), project('c', { types: ['default'] })])).toEqual([
      'a',
      'b',
    ]);
  });

  it('a project with a default export if none has it', () => {
    expect(routed({}, [project('a', { types: [] }), project('b', { types: ['default'] })])).toEqual(['b']);
  });

  it('one project that could not be built if no other can have it', () => {
    const projects = [project('a', { types: [] }), project('b', { unbuilt: true })];

    expect(routed({}, projects)).toEqual(['b']);
  });
});

it('names some types of a large bundle, and the one that is meant', () => {
  const types = Array.from({ length: 118 }, (_, n) => `flow${String(n).padStart(3, '0')}`);

  const { message } = unknownWorkflowType(origin({ workflowType: 'flow17' }), [project('a', { types })]);

  expect(message).toContain('flow010, flow011, 106 more. Did you mean flow017?');
});
