import type { SourceLocation } from '../../model/source';
import { ciOrigin } from '../../util/ci-origin';
import { wellFormed } from '../../util/well-formed';
import type { ReporterContext } from '../reporter';
import { repositoryPath } from './repository-path';

/** Links from a report to the repository and to the job that made it. */
export interface RepositoryLinks {
  /** Returns the URL of a line; null if the repository is not known, or the file is outside of it. */
  lineUrl(location: Pick<SourceLocation, 'file' | 'line'>): string | null;
  /** URL of the job; null if it is not known. */
  run: string | null;
}

export const NO_LINKS: RepositoryLinks = { lineUrl: () => null, run: null };

/** Returns the links that the variables of GitHub Actions and GitLab CI give. */
export function repositoryLinks(context: ReporterContext): RepositoryLinks {
  const { filesUrl, job } = ciOrigin(context.env);
  if (filesUrl === null) return NO_LINKS;
  return {
    lineUrl: ({ file, line }) => {
      const path = repositoryPath(file, context);
      return path === null ? null : lineUrl(filesUrl, path, line);
    },
    run: job,
  };
}

/** Encodes the parts of a path. Half a surrogate pair has no encoding. */
export const encodedPath = (parts: readonly string[]): string =>
  parts.map((part) => encodeURIComponent(wellFormed(part))).join('/');

/** Returns the URL of a line in a file at a path below the root of the repository. */
export const lineUrl = (filesUrl: string, path: string, line: number): string =>
  `${filesUrl}/${encodedPath(path.split('/'))}#L${line}`;
