/** A changed passage of a file. Lines count from 1. */
export interface Hunk {
  /** First line of the passage now; for a deletion, the line before it. */
  line: number;
  /** Number of lines now; 0 for a deletion. */
  count: number;
  /** The lines before the change. */
  before: string[];
}

/** A changed passage with its file. */
export interface FileHunk extends Hunk {
  file: string;
}

/** A package whose version changed. */
export interface ChangedPackage {
  name: string;
  /** The versions; null if the package was added or removed. */
  before: string | null;
  now: string | null;
}

/** The change of the code that makes the histories of a group break. */
export interface Cause {
  /** True if the histories were replayed without the change, and do not break then. */
  proven: boolean;
  /** Full hash of the commit that the code was compared with. */
  since: string;
  /** The smallest set of changed passages without which the histories do not break. The place lies in the first. */
  hunks: FileHunk[];
  /** Packages that changed, if no passage of the code is to blame. */
  packages: ChangedPackage[];
}

/** A cause with everything else that changed, for patches over all of it. Reports leave that out. */
export interface FoundCause extends Cause {
  /** All changed passages of the bundled code since the commit. */
  changes: readonly FileHunk[];
}
