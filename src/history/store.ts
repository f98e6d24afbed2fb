import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { messageOf, TemporalReplayError } from '../errors';
import { RUN_END_STATUS } from '../temporal/event';
import { removeStaleFiles, writeFileAtomic } from '../util/atomic-file';
import { readRegularFile } from '../util/read-regular-file';
import { makeDirectory } from '../util/make-directory';

/** The run whose history a file holds. */
export interface StoredRunKey {
  workflowType: string;
  workflowId: string;
  runId: string;
}

export interface StoredRun {
  /** Absolute path. */
  file: string;
  /** Bytes of the file. */
  bytes: number;
  /** Number of events. */
  events: number;
  /** Status of the run (`COMPLETED` …); null for a run that was open when it was stored. */
  closedStatus: string | null;
}

export interface WrittenRun {
  file: string;
  bytes: number;
  outcome: 'new' | 'updated' | 'unchanged';
}

export interface HistoryStore {
  /** Returns the stored history of a run, in either form; null if there is none that can be read. */
  find(run: StoredRunKey): Promise<StoredRun | null>;
  /**
   * Stores the history of a run. A file with the same content is left as it is.
   *
   * @throws OUTPUT_FAILED
   */
  write(run: StoredRunKey, text: string): Promise<WrittenRun>;
}

/** Longest name of a directory, and of the workflow id in a file's name: most file systems stop at 255 bytes. */
const MAX_NAME_LENGTH = 120;
const HASH_LENGTH = 16;
const TAIL_BYTES = 64 * 1024;

/** `timedOut` → `TIMED_OUT`. */
const upperSnake = (name: string): string => name.replace(/[A-Z]/g, '_$&').toUpperCase();

/** Status that the cluster gives a run that is over, by the type of its last event. */
const CLOSED_STATUS = new Map(
  Object.values(RUN_END_STATUS).map((status) => [
    `EVENT_TYPE_WORKFLOW_EXECUTION_${upperSnake(status)}`,
    upperSnake(status),
  ]),
);

/** Returns the status of a run with this last event, such as `TIMED_OUT`; null while it is open. */
export const closedStatusOf = (lastEventType: string): string | null =>
  CLOSED_STATUS.get(lastEventType) ?? null;

/**
 * Opens the store of a directory, with files named `<workflow type>/<workflow id>_<run id>.json[.gz]`.
 *
 * @param options.gzip writes `.json.gz`; a history in the other form counts as stored as well
 * @param options.readOnly leaves the files of killed processes where they are
 */
export async function openHistoryStore(
  directory: string,
  options: { gzip?: boolean; readOnly?: boolean } = {},
): Promise<HistoryStore> {
  const root = resolve(directory);
  const [extension, otherExtension] = options.gzip ? ['.json.gz', '.json'] : ['.json', '.json.gz'];
  if (!options.readOnly) await cleanUp(root);

  return {
    async find(run) {
      const base = join(root, historyPath(run));
      return (await readStored(base + extension)) ?? (await readStored(base + otherExtension));
    },
    async write(run, text) {
      const base = join(root, historyPath(run));
      const file = base + extension;
      const other = base + otherExtension;
      try {
        const known = (await exists(file)) || (await exists(other));
        let bytes: number;
        const unchanged = (await readText(file)) === text;
        if (unchanged) {
          ({ size: bytes } = await stat(file));
        } else {
          makeDirectory(join(root, safeName(run.workflowType)));
          const data = options.gzip ? await compress(text) : Buffer.from(text);
          await writeFileAtomic(file, data);
          bytes = data.length;
        }
        // A second file of the run would be replayed as well.
        await rm(other, { force: true });
        return { file, bytes, outcome: unchanged ? 'unchanged' : known ? 'updated' : 'new' };
      } catch (err) {
        throw new TemporalReplayError('OUTPUT_FAILED', `Cannot write ${file}: ${messageOf(err)}`, {
          cause: err,
        });
      }
    },
  };
}

/**
 * Returns the path of a run's file below the store, without extension. Two runs never share one, not even on a file system that
 * ignores case: run ids of a cluster are UUIDs, so that the case of ids matters only for other ids.
 */
export function historyPath({ workflowType, workflowId, runId }: StoredRunKey): string {
  const unique = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(runId);
  const run = safeName(runId).replaceAll('_', '%5F');
  const name = `${safeName(workflowId)}_${run}`;
  const caseMatters = !unique && /[A-Z]/.test(workflowType + workflowId + runId);
  return join(
    safeName(workflowType),
    caseMatters ? `${name}~${hashOf(JSON.stringify([workflowType, workflowId, runId]))}` : name,
  );
}

/**
 * Returns a name as a path component that every file system accepts. The mapping is injective: a character that is not plain ASCII
 * becomes `%XX` (so does `%`), and a long name ends in `~` and a hash of the whole (`~` itself is escaped).
 */
export function safeName(name: string): string {
  // Every escape is longer than this.
  if (name === '') return '%';
  let safe = '';
  for (const character of name) safe += /[A-Za-z0-9._@+=,-]/.test(character) ? character : escape(character);
  // `.` and `..`, hidden files; and Windows drops trailing dots.
  safe = safe.replace(/^\.|\.$/g, '%2E');
  // Windows opens a device for these, whatever follows the first dot.
  safe = safe.replace(
    /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i,
    (device) => escape(device[0]!) + device.slice(1),
  );
  if (safe.length <= MAX_NAME_LENGTH) return safe;
  const head = safe.slice(0, MAX_NAME_LENGTH - HASH_LENGTH - 1).replace(/%.?$/, '');
  return `${head}~${hashOf(name)}`;
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  // A lone surrogate has no UTF-8, and Buffer gives all of them the same replacement character.
  const bytes =
    code >= 0xd800 && code <= 0xdfff
      ? [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
      : [...Buffer.from(character)];
  return bytes.map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

const hashOf = (text: string) =>
  createHash('sha256').update(text, 'utf16le').digest('hex').slice(0, HASH_LENGTH);

const exists = (file: string) =>
  stat(file).then(
    () => true,
    () => false,
  );

async function cleanUp(root: string): Promise<void> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await removeStaleFiles(join(root, entry.name));
  }
}

/** Reads only the end of a plain file, so that a fetch that finds all histories stored is quick. */
async function readStored(file: string): Promise<StoredRun | null> {
  const info = await stat(file).catch(() => null);
  if (info === null) return null;
  const tail =
    file.endsWith('.gz') || info.size <= TAIL_BYTES ? await readText(file) : await readTail(file, info.size);
  let end = tail === null ? null : lastEvent(tail);
  // The last event is larger than the part that was read, or another tool has formatted the file.
  if (end === null) {
    const text = await readText(file);
    end = text === null ? null : (lastEvent(text) ?? parseLastEvent(text));
  }
  if (end === null) return null;
  return { file, bytes: info.size, events: end.eventId, closedStatus: closedStatusOf(end.eventType) };
}

interface LastEvent {
  eventId: number;
  eventType: string;
}

/**
 * Returns the last event of a history in our own format, of which `text` is at least the end. Values hold no line breaks, so
 * that a line with six spaces is always a field of an event.
 */
function lastEvent(text: string): LastEvent | null {
  if (!text.endsWith('\n    }\n  ]\n}\n')) return null;
  const id = text.lastIndexOf('\n      "eventId": "');
  const event =
    id < 0 ? null : /^\n {6}"eventId": "(\d+)"[^]*?\n {6}"eventType": "(\w+)"/.exec(text.slice(id));
  return event === null ? null : { eventId: Number(event[1]), eventType: event[2]! };
}

function parseLastEvent(text: string): LastEvent | null {
  try {
    const { events } = JSON.parse(text) as { events: { eventId: unknown; eventType: unknown }[] };
    const { eventId, eventType } = events.at(-1)!;
    return { eventId: Number(eventId), eventType: String(eventType) };
  } catch {
    // The file holds no history, and counts as absent.
    return null;
  }
}

async function readTail(file: string, size: number): Promise<string | null> {
  try {
    // A FIFO in the place of the file would otherwise be waited for.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await handle.read(
        Buffer.alloc(TAIL_BYTES),
        0,
        TAIL_BYTES,
        size - TAIL_BYTES,
      );
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}

/** Returns the text of a file in either form; null if it cannot be read. */
async function readText(file: string): Promise<string | null> {
  try {
    const data = await readRegularFile(file);
    return (file.endsWith('.gz') ? await promisify(gunzip)(data) : data).toString();
  } catch {
    return null;
  }
}

/** Compresses to the same bytes on every machine: Node writes no time into the header, but the operating system. */
async function compress(text: string): Promise<Buffer> {
  const data = await promisify(gzip)(text);
  data[9] = 255;
  return data;
}
