import { rm } from 'node:fs/promises';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ReplayTrace } from '../../model/diagnosis';
import type { HistoryResult } from '../../model/verdict';
import { readChecked, writeChecked } from '../../util/checked-file';
import { makeDirectory } from '../../util/make-directory';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Size of a file up to which results are kept, in bytes. Those that were used least recently go first. */
const LIMIT_BYTES = 32 * 1024 * 1024;

/** The result of one history of a source. */
export interface KeptResult {
  /** Hash of the code that counts for the result. */
  code: string;
  result: Omit<HistoryResult, 'file' | 'history'>;
  trace?: ReplayTrace;
}

/** The results of a source: a file, or a run of a cluster. */
interface Entry {
  /** The day on which it was used last, in days since 1970. */
  usedOn: number;
  results: KeptResult[];
}

interface Stored {
  entries: Record<string, Entry>;
}

const PREFIX = 'results-';

/** Returns true if a directory may hold results. */
export function holdsResults(directory: string): boolean {
  try {
    return readdirSync(directory).some((name) => name.startsWith(PREFIX));
  } catch {
    return false;
  }
}

/** The results of earlier runs with the same options and versions, in one file. A file that is damaged or cannot be read counts as none. */
export class ResultStore {
  private readonly path: string;
  private readonly added = new Map<string, Entry>();
  private readonly used = new Set<string>();
  private known: ReadonlyMap<string, Entry> | null = null;

  /** @param key hash of everything that the results depend on, besides histories and workflow code */
  constructor(
    private readonly directory: string,
    private readonly key: string,
  ) {
    this.path = join(directory, `${PREFIX}${key}.json`);
  }

  /** Returns the results of the source with a hash, or null. */
  async find(hash: string): Promise<readonly KeptResult[] | null> {
    this.known ??= await this.read();
    return this.known.get(hash)?.results ?? null;
  }

  /** Notes that the results of a source were of use. */
  use(hash: string): void {
    this.used.add(hash);
  }

  add(hash: string, results: KeptResult[]): void {
    this.added.set(hash, { usedOn: today(), results });
  }

  /** Writes the results, with those that other runs have written meanwhile. A directory that cannot be written is left as it is. */
  async save(): Promise<void> {
    const isStale = [...this.used].some((hash) => this.known?.get(hash)?.usedOn !== today());
    if (this.added.size === 0 && !isStale) return;
    const entries = new Map([...(await this.read()), ...this.added]);
    for (const hash of this.used) {
      const entry = entries.get(hash);
      if (entry) entry.usedOn = today();
    }
    try {
      makeDirectory(this.directory);
      await writeChecked(
        this.path,
        JSON.stringify({ entries: Object.fromEntries(withinLimit(entries)) }),
        this.key,
      );
    } catch {
      // The next run replays again.
    }
  }

  private async read(): Promise<Map<string, Entry>> {
    const stored = await readChecked(this.path, this.key);
    if (stored === 'damaged') await rm(this.path, { recursive: true, force: true }).catch(() => undefined);
    if (stored === null || stored === 'damaged') return new Map();
    return new Map(Object.entries((JSON.parse(stored.text) as Stored).entries));
  }
}

const today = (): number => Math.floor(Date.now() / DAY_MS);

/** Returns the entries that were used most recently, as many as the limit allows. */
export function withinLimit(
  entries: ReadonlyMap<string, Entry>,
  limitBytes = LIMIT_BYTES,
): [string, Entry][] {
  let bytes = 0;
  return [...entries]
    .sort(([, a], [, b]) => b.usedOn - a.usedOn)
    .filter(([, entry]) => (bytes += JSON.stringify(entry).length) <= limitBytes);
}
