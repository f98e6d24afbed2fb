/** The place, the time and the versions of a run, so that a reader of its report knows what it is about. */
export interface RunOrigin {
  /** Time at which the run began, in ISO 8601. */
  startedAt: string;
  versions: {
    /** Version of this package. */
    tool: string;
    /** Version of `@temporalio/worker`; null if there is none. */
    sdk: string | null;
    /** Version of Node, without `v`. */
    node: string;
  };
  /** Names of the projects whose code was replayed. */
  projects: string[];
  /** The repository of the code; null if there is none. */
  repository: OriginRepository | null;
  /** URL of the job that made the run; null outside of CI. */
  job: string | null;
  /** The page on which the runs of the histories can be looked at; null if it is not known. */
  temporalUi: TemporalUi | null;
}

export interface OriginRepository {
  /** URL of the repository's page, without credentials; null if it has no remote. */
  url: string | null;
  /** Name of the branch; null if none is checked out. */
  branch: string | null;
  /** Full hash of the commit; null before the first one. */
  commit: string | null;
  /** True if tracked files differ from the commit; null if git did not tell. */
  isModified: boolean | null;
  /** Path of the run's directory below the root of the repository, with slashes; empty for the root. */
  directory: string;
  /** URL to which a path below the root is added for the page of a file at the commit; null if it is not known. */
  filesUrl: string | null;
}

export interface TemporalUi {
  /** URL of the Temporal UI, without a slash at its end. */
  url: string;
  /** Namespace of histories that do not name their own. */
  namespace: string;
}
