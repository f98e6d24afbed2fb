import { readFile } from 'node:fs/promises';
import { TemporalReplayError, messageOf } from '../../errors';
import { keyOfName } from '../identity/history-identity';
import type { BaselineEntry } from '../../model/report';
import { failsRun, judgesCode, type Verdict, VERDICTS_BY_RANK } from '../../model/verdict';
import { writeFileAtomic } from '../../util/atomic-file';
import { isDate } from './expiry';

/** The file of `--baseline`; `schemas/baseline.schema.json` describes it. */
export interface Baseline {
  schemaVersion: 1;
  /** Sorted by type, history and fingerprint; at most one for a history and fingerprint. */
  entries: BaselineEntry[];
}

export const EMPTY_BASELINE: Baseline = { schemaVersion: 1, entries: [] };

/** @throws BASELINE_INVALID also where there is no such file */
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
    throw invalid(`${path} is no JSON: ${messageOf(err)}`, err, MEND);
  }
  const problem = problemOf(value);
  if (problem !== null) throw invalid(`${path} is no baseline: ${problem}.`, undefined, MEND);
  return value as Baseline;
}

/** As {@link readBaseline}; a file that is not there yet is an empty baseline. */
export async function readBaselineIfThere(path: string): Promise<Baseline> {
  try {
    return await readBaseline(path);
  } catch (err) {
    if (((err as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') return EMPTY_BASELINE;
    throw err;
  }
}

/** Written aside and renamed. @throws OUTPUT_FAILED */
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

/** One field a line and always in the same order, so that a change of one entry is a change of its lines only. */
export function formatBaseline({ entries }: Baseline): string {
  const sorted = [...entries].sort((a, b) => compare(sortKeyOf(a), sortKeyOf(b))).map(inOrder);
  return `${JSON.stringify({ schemaVersion: 1, entries: sorted }, null, 2)}\n`;
}

/** Of a failure: one history with one cause. */
export const keyOfEntry = (entry: BaselineEntry): string => `${entry.fingerprint} ${keyOfName(entry)}`;

const sortKeyOf = (entry: BaselineEntry): string =>
  [entry.workflowType ?? '', entry.file ?? entry.workflowId ?? '', entry.runId ?? '', entry.fingerprint].join(
    '\0',
  );

/** By code units, so that the order is the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function inOrder(entry: BaselineEntry): BaselineEntry {
  const { fingerprint, workflowId, runId, file, workflowType, verdict, headline, reason, expires } = entry;
  return { fingerprint, workflowType, workflowId, runId, file, verdict, headline, reason, expires };
}

const MEND = 'Mend it, or take it from version control again; `replay baseline update` writes it.';

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
  if (!isObject(value)) return 'it is no object';
  if (value['schemaVersion'] !== 1)
    return `schemaVersion is ${JSON.stringify(value['schemaVersion'])}, not 1`;
  const { entries } = value;
  if (!Array.isArray(entries)) return 'entries is no list';
  const strange = Object.keys(value).find((key) => key !== 'schemaVersion' && key !== 'entries');
  if (strange !== undefined) return `there is no field ${JSON.stringify(strange)}`;
  const seen = new Set<string>();
  for (const [index, entry] of (entries as unknown[]).entries()) {
    const problem = problemOfEntry(entry, seen);
    if (problem !== null) return `entries[${index}]: ${problem}`;
  }
  return null;
}

function problemOfEntry(entry: unknown, seen: Set<string>): string | null {
  if (!isObject(entry)) return 'it is no object';
  for (const [field, { check, expected }] of Object.entries(FIELDS)) {
    if (!check(entry[field]))
      return `${field} must be ${expected}, not ${JSON.stringify(entry[field]) ?? 'missing'}`;
  }
  const strange = Object.keys(entry).find((key) => !(key in FIELDS));
  if (strange !== undefined) return `there is no field ${JSON.stringify(strange)}`;
  const known = entry as unknown as BaselineEntry;
  if (known.file === null && (known.workflowId === null || known.runId === null))
    return 'it names no history: workflowId and runId, or file';
  const key = keyOfEntry(known);
  if (seen.has(key)) return 'the same failure stands in it twice';
  seen.add(key);
  return null;
}
