import type { DiagnosedResult } from '../../model/report';
import { resultFailsRun } from '../../model/verdict';

/** The outcome of the last replay of a history. */
export interface KnownHistory {
  workflowType: string | null;
  /** True if it fails a run with the default options. */
  failed: boolean;
}

/** The names of results that differ from the round before. */
export interface Difference {
  fixed: string[];
  broken: string[];
}

/** A set, or a map, of files by their names in reports. */
interface Files {
  has(file: string): boolean;
}

/** The outcomes of all rounds of a watch, by file. */
export class KnownHistories {
  /** Histories by the name of their file, then by that of their result: a file can hold several histories. */
  private readonly files = new Map<string, Map<string, KnownHistory>>();

  /** Returns the histories of a file; undefined if it was never replayed. */
  of(file: string): readonly KnownHistory[] | undefined {
    const results = this.files.get(file);
    return results && [...results.values()];
  }

  /** Returns the histories of all files. */
  all(): KnownHistory[] {
    return [...this.files.values()].flatMap((results) => [...results.values()]);
  }

  /** Removes the files that no longer exist. */
  keepOnly(files: Files): void {
    for (const file of [...this.files.keys()]) if (!files.has(file)) this.files.delete(file);
  }

  /**
   * Returns the files of an aborted round that may have histories without a result. A file without an earlier replay is always
   * one of them, since the number of its histories is not known.
   */
  unfinished(chosen: readonly string[], results: readonly DiagnosedResult[]): string[] {
    const counts = new Map<string, number>();
    for (const result of results) {
      const file = fileOf(result);
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return chosen.filter((file) => (counts.get(file) ?? 0) < (this.files.get(file)?.size ?? Infinity));
  }

  /**
   * Remembers the results of a round, and returns those that differ from the round before.
   *
   * @param isWhole true if these are all results of their files; if false, they are added to the earlier results of the files
   */
  remember(results: readonly DiagnosedResult[], isWhole: boolean): Difference {
    const difference: Difference = { fixed: [], broken: [] };
    const found = new Map<string, Map<string, KnownHistory>>();
    for (const result of results) {
      const { file: name, workflowType } = result;
      const file = fileOf(result);
      const failed = resultFailsRun(result, {});
      const failedBefore = this.files.get(file)?.get(name)?.failed ?? false;
      if (failedBefore && !failed) difference.fixed.push(name);
      if (!failedBefore && failed) difference.broken.push(name);
      found.set(file, (found.get(file) ?? new Map()).set(name, { workflowType, failed }));
    }
    for (const [file, histories] of found) {
      const kept = isWhole ? [] : (this.files.get(file) ?? []);
      this.files.set(file, new Map([...kept, ...histories]));
    }
    return difference;
  }
}

/** Returns the file that holds the history of a result. */
const fileOf = ({ history, file }: DiagnosedResult): string => history?.file ?? file;
