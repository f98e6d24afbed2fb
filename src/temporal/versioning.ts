import { temporal } from '@temporalio/proto';
import type { VersioningBehavior } from '../model/deploy';
import { type RecordedVersion, namedVersionOf, versionOfText } from './deployment-version';
import type { Event } from './event';

type Override = temporal.api.workflow.v1.IVersioningOverride;

/** The versioning of an open run, as its next workflow task is subject to it. */
export interface RunVersioning {
  behavior: VersioningBehavior;
  /** The version that the run is pinned to, or whose worker completed its last workflow task; null if there is none. */
  version: RecordedVersion | null;
  /** True if an operator has set the behavior of this run, see `UpdateWorkflowExecutionOptions`. */
  isOverridden: boolean;
}

const UNVERSIONED: RunVersioning = { behavior: 'unversioned', version: null, isOverridden: false };

const { VersioningBehavior: Behavior } = temporal.api.enums.v1;
type BehaviorValue = temporal.api.enums.v1.VersioningBehavior | null | undefined;

/**
 * Returns the versioning of a run by its history. The last completed workflow task says what the code asks for; an override counts
 * before that, until it is taken back. A run without a completed task is pinned if it inherits the version of its parent or of the
 * run before it.
 */
export function versioningOf(events: readonly Event[]): RunVersioning {
  let own: RunVersioning = UNVERSIONED;
  let override: RunVersioning | null = null;
  for (const event of events) {
    const {
      workflowExecutionStartedEventAttributes: started,
      workflowExecutionOptionsUpdatedEventAttributes: updated,
      workflowTaskCompletedEventAttributes: completed,
    } = event;
    if (started) {
      const inherited = namedVersionOf(started.inheritedPinnedVersion);
      if (inherited) own = { behavior: 'pinned', version: inherited, isOverridden: false };
      override = overrideOf(started.versioningOverride);
    } else if (updated?.unsetVersioningOverride) override = null;
    else if (updated?.versioningOverride) override = overrideOf(updated.versioningOverride);
    else if (completed) own = ofTask(completed);
  }
  if (override === null) return own;
  return { ...override, version: override.version ?? own.version };
}

const ofTask = ({
  versioningBehavior,
  deploymentVersion,
}: temporal.api.history.v1.IWorkflowTaskCompletedEventAttributes): RunVersioning => {
  const version = namedVersionOf(deploymentVersion);
  return { behavior: behaviorOf(versioningBehavior, version), version, isOverridden: false };
};

function behaviorOf(value: BehaviorValue, version: RecordedVersion | null): VersioningBehavior {
  if (value === Behavior.VERSIONING_BEHAVIOR_PINNED && version !== null) return 'pinned';
  return value === Behavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE ? 'auto-upgrade' : 'unversioned';
}

/** Returns the versioning that an override sets, in its present form or in the one of servers before 1.28. */
function overrideOf(override: Override | null | undefined): RunVersioning | null {
  if (!override) return null;
  const pinned = namedVersionOf(override.pinned?.version) ?? versionOfText(override.pinnedVersion);
  if (pinned) return { behavior: 'pinned', version: pinned, isOverridden: true };
  const isAutoUpgrade =
    override.autoUpgrade === true || override.behavior === Behavior.VERSIONING_BEHAVIOR_AUTO_UPGRADE;
  return isAutoUpgrade ? { behavior: 'auto-upgrade', version: null, isOverridden: true } : null;
}
