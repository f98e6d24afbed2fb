/**
 * The answer to whether code can be deployed: `yes` if no open run that would get it breaks, `no` if one does, and `not proven` if
 * none does among those that were looked at, and others were not.
 */
export type DeployAnswer = 'yes' | 'no' | 'not proven';

/** The way in which an open run meets another version of its workers that becomes the current one. */
export type VersioningBehavior = 'pinned' | 'auto-upgrade' | 'unversioned';

/** Numbers of open runs. */
export interface DeployCounts {
  /** All open runs that the cluster listed, of whatever code. */
  open: number;
  /** Runs of other code, which does not get these runs. */
  elsewhere: number;
  /** Runs that ended before they were looked at. */
  ended: number;
  /** Runs that are pinned to another version, and stay on it. */
  staying: number;
  /** Runs that the deploy gives the new code. It is the sum of the numbers below. */
  moving: number;
  /** Runs that were replayed and go on. */
  safe: number;
  /** Runs that were not replayed, since enough runs of the same shape go on. */
  represented: number;
  /** Runs whose next workflow task would fail and be tried again until other code comes. */
  stuck: number;
  /** Runs that would fail for good, since `workflowFailureErrorTypes` or `failureExceptionTypes` fails them for such an error. */
  failing: number;
  /** Runs that were stuck in the same failure already, so that the deploy does not change it. */
  stuckBefore: number;
  /** Runs that could not be judged, such as for a payload that cannot be decoded. */
  unjudged: number;
  /** Runs that were not looked at, for lack of time or because a sample was asked for. */
  notLookedAt: number;
  /** Moving runs that are paused, and get the code when they go on. They are among the numbers above. */
  paused: number;
  /** Staying runs whose code asks for another version when it continues as new: the next run of each may start with the code. */
  upgrading: number;
  /** The runs among these whose input was tried on the code as that of a new run. */
  triedAsNew: number;
  /** The runs among those tried with whose input the first workflow task fails. */
  stuckAsNew: number;
}

/** A deployment whose runs are shared out between its current version and one that ramps up. */
export interface DeployRamp {
  deployment: string;
  /** The current version as text; null if workers without a version are current. */
  current: string | null;
  /** The version that ramps up, as text; null for workers without a version. */
  ramping: string | null;
  /** Share of the runs that the version which ramps up gets, in percent. */
  percentage: number;
}

/** The open runs of one workflow type that one version of its workers runs. */
export interface DeployRow extends Omit<DeployCounts, 'open' | 'elsewhere'> {
  workflowType: string;
  behavior: VersioningBehavior;
  /** The version as text, such as `orders.v12`; null if the runs name none. */
  version: string | null;
  /** True if an operator has set the behavior of these runs. */
  isOverridden: boolean;
  /** Number of shapes among the runs that were looked at, see `docs/can-deploy.md`. */
  shapes: number;
  /** Number of runs that may break at most among those that were not looked at, with a probability of 95 %; null if there are none. */
  atMost: number | null;
}

/** Returns the number of runs that would be stuck or fail, now or after continue-as-new. */
export const brokenRuns = ({ stuck, failing, stuckAsNew }: DeployRow): number => stuck + failing + stuckAsNew;

/** The part of a report that says if the open runs of a cluster can continue with its code. */
export interface DeployReport {
  answer: DeployAnswer;
  /** Sentences that say why the answer is not `yes`. Empty if it is. */
  reasons: string[];
  /** The versions about to go out, as text; empty if none is known. */
  versions: string[];
  /** Visibility list filter of the runs that count, besides that they are open; null for all. */
  query: string | null;
  counts: DeployCounts;
  rows: DeployRow[];
  /** The ramps that are under way in the deployments of the runs and of the versions about to go out. */
  ramps: DeployRamp[];
  /** The way in which runs were chosen; null if all of them were looked at. */
  chosen: {
    /** Number of runs of a shape from which on the others are represented; null if none are. */
    perShape: number | null;
    /** Number from which the order of the runs was drawn. */
    seed: number;
  } | null;
}

/** The meaning of a deploy for one run. */
export type DeployEffect = keyof Pick<
  DeployCounts,
  'safe' | 'stuck' | 'failing' | 'stuckBefore' | 'unjudged'
>;
