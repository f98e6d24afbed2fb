import { readFile } from 'node:fs/promises';
import { TemporalReplayError, messageOf } from '../../errors';
import { historyKey } from '../identity/history-identity';
import type { BaselineEntry } from '../../model/report';
import { failsRun, judgesCode, type Verdict, VERDICTS_BY_RANK } from '../../model/verdict';
import { writeFileAtomic } from '../../util/atomic-file';
import { isDate } from './expiry';

/** Content of the `--baseline` file. `schemas/baseline.schema.json` describes it. */
export interface Baseline {
  schemaVersion: 1;
  /** Entries sorted by workflow type, history and fingerprint, at most one for each history and fingerprint. */
  entries: BaselineEntry[];
}

export const EMPTY_BASELINE: Baseline = { schemaVersion: 1, entries: [] };

/** Reads and checks a baseline. @throws BASELINE_INVALID, also if the file does not exist */
export async function readBaseline(path: string): Promise<Baseline> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (err) {
    const missing = (err as NodeJS.ErrnoException).code === 'ENOENT';
    throw invalid(
      missing ? `There is no baseline ${path}.` : `${path} cannot be read: ${messageOf(err)}`,
      err,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (err) {
    throw invalid(`${path} is not valid JSON: ${messageOf(err)}`, err, REPAIR_HINT);
  }
  const problem = problemOf(value);
  if (problem !== null) throw invalid(`${path} is not a valid baseline: ${problem}.`, undefined, REPAIR_HINT);
  return value as Baseline;
}

/** Reads a baseline as {@link readBaseline} does, but returns an empty one if the file does not exist. */
export async function readBaselineIfPresent(path: string): Promise<Baseline> {
  try {
    return await readBaseline(path);
  } catch (err) {
    if (((err as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return EMPTY_BASELINE;
    throw err;
  }
}

/** Writes a baseline to a temporary file and renames it. @throws OUTPUT_FAILED */
export async function writeBaseline(path: string, baseline: Baseline): Promise<void> {
  try {
    await writeFileAtomic(path, formatBaseline(baseline));
  } catch (err) {
    throw new TemporalReplayError(
      'OUTPUT_FAILED',
      `The baseline cannot be written to ${path}: ${messageOf(err)}`,
      {
        cause: err,
      },
    );
  }
}

/** Formats a baseline with one field per line, in a fixed order, so that a change of one entry changes only its lines. */
export function formatBaseline({ entries }: Baseline): string {
  const sorted = [...entries].sort((a, b) => compare(sortKeyOf(a), sortKeyOf(b))).map(inOrder);
  return `${JSON.stringify({ schemaVersion: 1, entries: sorted }, null, 2)}\n`;
}

/** Returns the key of the failure that an entry accepts: one cause in one history. */
export const entryKey = (entry: BaselineEntry): string => `${entry.fingerprint} ${historyKey(entry)}`;

const sortKeyOf = (entry: BaselineEntry): string =>
  [entry.workflowType ?? '', entry.file ?? entry.workflowId ?? '', entry.runId ?? '', entry.fingerprint].join(
    '\0',
  );

/** Compares by code units, so that the order is the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function inOrder(entry: BaselineEntry): BaselineEntry {
  const { fingerprint, workflowId, runId, file, workflowType, verdict, headline, reason, expires } = entry;
  return { fingerprint, workflowType, workflowId, runId, file, verdict, headline, reason, expires };
}

const REPAIR_HINT = 'Repair the file or restore it from version control. `replay baseline update` writes it.';

const invalid = (message: string, cause: unknown, hint?: string): TemporalReplayError =>
  new TemporalReplayError('BASELINE_INVALID', message, { cause, ...(hint && { hint }) });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

/** Verdicts that a baseline can accept: failures of the code. A history that cannot be read is none. */
export const ACCEPTABLE_VERDICTS: readonly Verdict[] = VERDICTS_BY_RANK.filter(
  (verdict) => judgesCode(verdict) && failsRun(verdict, { strict: true }),
);

const FIELDS: Readonly<
  Record<keyof BaselineEntry, { check: (value: unknown) => boolean; expected: string }>
> = {
  fingerprint: { check: (value) => isText(value) && /^[0-9a-f]{16}$/.test(value), expected: '16 hex digits' },
  workflowType: { check: isTextOrNull, expected: 'text or null' },
  workflowId: { check: isTextOrNull, expected: 'text or null' },
  runId: { check: isTextOrNull, expected: 'text or null' },
  file: { check: isTextOrNull, expected: 'text or null' },
  verdict: {
    check: (value) => ACCEPTABLE_VERDICTS.includes(value as Verdict),
    expected: `one of ${ACCEPTABLE_VERDICTS.join(', ')}`,
  },
  headline: { check: isTextOrNull, expected: 'text or null' },
  reason: { check: isText, expected: 'text' },
  expires: { check: isDate, expected: 'a date such as 2027-01-31' },
};

function problemOf(value: unknown): string | null {
  if (!isObject(value)) return 'the file is not an object';
  if (value['schemaVersion'] !== 1)
    return `schemaVersion is ${JSON.stringify(value['schemaVersion'])}, not 1`;
  const { entries } = value;
  if (!Array.isArray(entries)) return 'entries is not an array';
  const unknown = Object.keys(value).find((key) => key !== 'schemaVersion' && key !== 'entries');
  if (unknown !== undefined) return `unknown field ${JSON.stringify(unknown)}`;
  const seen = new Set<string>();
  for (const [index, entry] of (entries as unknown[]).entries()) {
    const problem = problemOfEntry(entry, seen);
    if (problem !== null) return `entries[${index}]: ${problem}`;
  }
  return null;
}

function problemOfEntry(entry: unknown, seen: Set<string>): string | null {
  if (!isObject(entry)) return 'the entry is not an object';
  for (const [field, { check, expected }] of Object.entries(FIELDS)) {
    if (!check(entry[field]))
      return `${field} must be ${expected}, not ${JSON.stringify(entry[field]) ?? 'missing'}`;
  }
  const unknown = Object.keys(entry).find((key) => !(key in FIELDS));
  if (unknown !== undefined) return `unknown field ${JSON.stringify(unknown)}`;
  const known = entry as unknown as BaselineEntry;
  if (known.file === null && (known.workflowId === null || known.runId === null))
    return 'the entry has neither workflowId and runId nor file';
  const key = entryKey(known);
  if (seen.has(key)) return 'the same failure is listed twice';
  seen.add(key);
  return null;
}
