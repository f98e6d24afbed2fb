import type { DiagnosedResult } from '../../model/report';
import { failsRun } from '../../model/verdict';

/** What is known of a history from the last time it was replayed. */
export interface KnownHistory {
  workflowType: string | null;
  failed: boolean;
}

/** The names of results that are other than before. */
export interface Difference {
  fixed: string[];
  broken: string[];
}

/** Names of files, as reports have them. */
interface Files {
  has(file: string): boolean;
}

/** What the rounds of a watch have found, by file. */
export class KnownHistories {
  /** By the name of the file, then of the result: a file can hold several histories. */
  private readonly files = new Map<string, Map<string, KnownHistory>>();

  /** Undefined for a file that was never replayed. */
  of(file: string): readonly KnownHistory[] | undefined {
    const results = this.files.get(file);
    return results && [...results.values()];
  }

  all(): KnownHistory[] {
    return [...this.files.values()].flatMap((results) => [...results.values()]);
  }

  /** Forgets the files that are not there any more. */
  keepOnly(files: Files): void {
    for (const file of [...this.files.keys()]) if (!files.has(file)) this.files.delete(file);
  }

  /** Files of which a round that was broken off may not have replayed all: how many a new one holds is not known. */
  unfinished(chosen: readonly string[], results: readonly DiagnosedResult[]): string[] {
    const counts = new Map<string, number>();
    for (const result of results) {
      const file = fileOf(result);
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
    return chosen.filter((file) => (counts.get(file) ?? 0) < (this.files.get(file)?.size ?? Infinity));
  }

  /**
   * @param isWhole whether these are all results of their files; else they add to what is known
   */
  remember(results: readonly DiagnosedResult[], isWhole: boolean): Difference {
    const difference: Difference = { fixed: [], broken: [] };
    const found = new Map<string, Map<string, KnownHistory>>();
    for (const result of results) {
      const { file: name, workflowType, verdict } = result;
      const file = fileOf(result);
      const failed = failsRun(verdict, { strict: false });
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
