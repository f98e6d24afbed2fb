import { temporal } from '@temporalio/proto';
import { recordedVersionOf } from '../../src/temporal/deployment-version';

const { HistoryEvent } = temporal.api.history.v1;
const recorded = (...events: object[]) =>
  recordedVersionOf({ events: events.map((event) => HistoryEvent.fromObject(event)) });

const version = (buildId: string): object => ({ deploymentName: 'orders', buildId });
const started = (attributes: object = {}): object => ({
  workflowExecutionStartedEventAttributes: attributes,
});
const completed = (attributes: object): object => ({ workflowTaskCompletedEventAttributes: attributes });
const pinnedTo = (buildId: string): object => ({ pinned: { version: version(buildId) } });

it('the recorded version is that of the worker which completed the last workflow task', () => {
  expect(
    recorded(
      started(),
      completed({ deploymentVersion: version('v1') }),
      completed({ deploymentVersion: version('v2') }),
      completed({}),
    ),
  ).toEqual({ deploymentName: 'orders', buildId: 'v2' });
});

it('the recorded version is the one that the run was pinned to since', () => {
  const updated = { workflowExecutionOptionsUpdatedEventAttributes: { versioningOverride: pinnedTo('v3') } };

  expect(recorded(completed({ deploymentVersion: version('v1') }), updated)).toMatchObject({ buildId: 'v3' });
});

it.each([
  ['was pinned to', { versioningOverride: pinnedTo('v1') }],
  ['inherited', { inheritedPinnedVersion: version('v1') }],
])('the recorded version is the one that the run %s at its start', (_, attributes) => {
  expect(recorded(started(attributes))).toEqual({ deploymentName: 'orders', buildId: 'v1' });
});

it('the recorded version is the build id alone of a worker without a deployment', () => {
  expect(recorded(started(), completed({ workerVersion: { buildId: 'b7' } }))).toEqual({
    deploymentName: null,
    buildId: 'b7',
  });
});

it('the recorded version is null if the history names none', () => {
  expect(recorded(started(), completed({}))).toBeNull();
});
