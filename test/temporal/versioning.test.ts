import type { Event } from '../../src/temporal/event';
import { versioningOf } from '../../src/temporal/versioning';

const [PINNED, AUTO_UPGRADE] = [1, 2];
const version = (buildId: string) => ({ deploymentName: 'orders', buildId });

const started = (attributes: Event['workflowExecutionStartedEventAttributes'] = {}): Event => ({
  workflowExecutionStartedEventAttributes: attributes,
});
const completed = (buildId: string | null, versioningBehavior = 0): Event => ({
  workflowTaskCompletedEventAttributes: {
    versioningBehavior,
    ...(buildId !== null && { deploymentVersion: version(buildId) }),
  },
});
const updated = (attributes: Event['workflowExecutionOptionsUpdatedEventAttributes']): Event => ({
  workflowExecutionOptionsUpdatedEventAttributes: attributes,
});
const pinnedTo = (buildId: string) => ({ pinned: { behavior: 1, version: version(buildId) } });

describe('versioningOf', () => {
  it.each([
    ['no versions', [started(), completed(null)], 'unversioned', null, false],
    ['a pinned task', [started(), completed('v1', PINNED)], 'pinned', 'v1', false],
    [
      'the last task',
      [started(), completed('v1', AUTO_UPGRADE), completed('v2', AUTO_UPGRADE)],
      'auto-upgrade',
      'v2',
      false,
    ],
    [
      'an inherited version and no task',
      [started({ inheritedPinnedVersion: version('v1') })],
      'pinned',
      'v1',
      false,
    ],
    [
      'an override at its start',
      [started({ versioningOverride: pinnedTo('v3') }), completed('v3', AUTO_UPGRADE)],
      'pinned',
      'v3',
      true,
    ],
    [
      'an override later',
      [started(), completed('v1', PINNED), updated({ versioningOverride: { autoUpgrade: true } })],
      'auto-upgrade',
      'v1',
      true,
    ],
    [
      'an override that was taken back',
      [
        started({ versioningOverride: pinnedTo('v3') }),
        completed('v1', PINNED),
        updated({ unsetVersioningOverride: true }),
      ],
      'pinned',
      'v1',
      false,
    ],
    [
      'an override of servers before 1.28',
      [started({ versioningOverride: { behavior: PINNED, pinnedVersion: 'orders.v4' } })],
      'pinned',
      'v4',
      true,
    ],
  ])('reads %s', (_, events, behavior, buildId, isOverridden) => {
    expect(versioningOf(events)).toEqual({
      behavior,
      version: buildId === null ? null : version(buildId),
      isOverridden,
    });
  });

  it('leaves the versioning as it is if the options of a run are updated in another way', () => {
    const events = [started(), completed('v1', PINNED), updated({ attachedRequestId: 'a' })];

    expect(versioningOf(events)).toMatchObject({ behavior: 'pinned' });
  });
});
