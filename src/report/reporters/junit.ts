import { create } from 'xmlbuilder2';
import type { FailureGroup } from '../../model/diagnosis';
import type { DiagnosedReport, DiagnosedResult, RunStatus } from '../../model/report';
import { canFailRun, resultFailsRun, type Verdict, VERDICTS } from '../../model/verdict';
import type { ReporterContext, ReporterFactory } from '../reporter';
import { errorPageText } from '../text/error-pages';
import { groupText } from '../text/group-text';
import { guarded } from '../text/guarded';
import { printable } from '../../util/printable';
import { withEscapedCommands } from '../../util/ci-commands';
import { unprovenText } from '../text/status-text';

type Builder = ReturnType<typeof create>;

interface Outcome {
  tag: 'failure' | 'error' | 'skipped' | 'system-out';
  message: string;
  text: string;
}

interface Case {
  result: DiagnosedResult;
  outcome: Outcome | null;
  group: FailureGroup | null;
}

/** Element of a verdict that fails the run: `failure` if the commands were compared, `error` if the replay did not get so far. */
const tagOf = (verdict: Verdict): 'failure' | 'error' => (VERDICTS[verdict].compared ? 'failure' : 'error');

const NO_TYPE = 'type unknown';

/**
 * Writes JUnit XML in the dialect that GitLab, Jenkins and GitHub's actions share, with a suite for each workflow type and a case
 * for each history.
 */
export const junit: ReporterFactory = (screen, context) => ({
  onEnd: (report) => screen.document(`${document(report, context)}\n`),
});

function document(report: DiagnosedReport, context: ReporterContext): string {
  const suites = suitesOf(report, context);
  for (const type of report.summary.uncoveredTypes) if (!suites.has(type)) suites.set(type, []);
  const status = unprovenText(report);
  const cases = [...suites.values()].flat();
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: 'temporal-replay',
    ...(status === null ? countsOf(cases) : plusError(countsOf(cases))),
  });
  if (status !== null) addRunSuite(root, status, report.status);
  for (const [type, cases] of suites) addSuite(root, type, cases);
  return root.end({ prettyPrint: true });
}

/** Adds a suite with one case, an error, that says that the run did not come to its end. */
function addRunSuite(root: Builder, status: string, type: RunStatus): void {
  const suite = root.ele('testsuite', {
    name: RUN,
    tests: 1,
    failures: 0,
    errors: 1,
    skipped: 0,
    time: '0.000',
  });
  const element = suite.ele('testcase', { name: 'all histories', classname: RUN, time: '0.000' });
  element.ele('error', { message: status, type });
}

const RUN = 'replay run';
const plusError = (counts: Counts): Counts => ({
  ...counts,
  tests: counts.tests + 1,
  errors: counts.errors + 1,
});

function suitesOf({ results, groups }: DiagnosedReport, context: ReporterContext): Map<string, Case[]> {
  const groupAt = new Map(groups.flatMap((group) => group.results.map((index) => [index, group] as const)));
  const suites = new Map<string, Case[]>();
  results.forEach((result, i) => {
    const group = groupAt.get(i) ?? null;
    const type = result.workflowType ?? NO_TYPE;
    const cases = suites.get(type) ?? [];
    suites.set(type, cases);
    cases.push({ result, group, outcome: anyOutcomeOf(result, group, context) });
  });
  return suites;
}

const anyOutcomeOf = (...given: Parameters<typeof outcomeOf>): Outcome | null =>
  guarded(
    () => outcomeOf(...given),
    (text) => ({ tag: 'error', message: given[0].verdict, text }),
  );

function outcomeOf(
  result: DiagnosedResult,
  group: FailureGroup | null,
  { isStrict = false, failOnExisting = false }: ReporterContext,
): Outcome | null {
  const { verdict, accepted, error, existing } = result;
  if (!canFailRun(verdict)) return null;
  const message = `${verdict}: ${group?.headline ?? error?.message ?? verdict}`;
  const details = [
    ...(group ? [groupText(group)] : []),
    ...(error ? [`${error.message} [${error.code}]`, errorPageText(error.code)] : []),
  ];
  const text = details.join('\n');
  if (accepted) return { tag: 'skipped', message: `accepted by the baseline: ${accepted.reason}`, text: '' };
  if (existing && !failOnExisting)
    return { tag: 'skipped', message: `stuck already (event ${existing.eventId}): ${message}`, text: '' };
  const fails = resultFailsRun(result, { strict: isStrict, failOnExisting });
  return { tag: fails ? tagOf(verdict) : 'system-out', message, text };
}

function addSuite(root: Builder, type: string, cases: readonly Case[]): void {
  const suite = root.ele('testsuite', { name: xml(type), ...countsOf(cases) });
  if (cases.length === 0)
    suite
      .ele('testcase', { name: 'no history', classname: xml(type), time: '0.000' })
      .ele('skipped', { message: 'No history covers this type.' });
  for (const one of cases) addCase(suite, type, one);
}

function addCase(suite: Builder, type: string, { result, group, outcome }: Case): void {
  const { workflowId, runId, file, durationMs } = result;
  const name = workflowId === null ? file : [workflowId, ...(runId === null ? [] : [runId])].join(' ');
  const place = group?.location ? { file: xml(group.location.file), line: group.location.line } : {};
  const attributes = { name: xml(name), classname: xml(type), time: seconds(durationMs), ...place };
  const element = suite.ele('testcase', attributes);
  if (!outcome) return;
  const { tag, message, text } = outcome;
  if (tag === 'system-out') element.ele(tag).txt(xml(`${message}\n${text}`));
  else if (tag === 'skipped') element.ele(tag, { message: xml(message) });
  else element.ele(tag, { message: xml(message), type: result.verdict }).txt(xml(text));
}

/** The attributes of a suite that count its cases. */
type Counts = Record<'tests' | 'failures' | 'errors' | 'skipped', number> & { time: string };

/** Counts the cases of a suite. A suite of a type without histories holds one skipped case. */
function countsOf(cases: readonly Case[]): Counts {
  const count = (tag: Outcome['tag']): number => cases.filter(({ outcome }) => outcome?.tag === tag).length;
  return {
    tests: cases.length || 1,
    failures: count('failure'),
    errors: count('error'),
    skipped: cases.length === 0 ? 1 : count('skipped'),
    time: seconds(cases.reduce((sum, { result }) => sum + result.durationMs, 0)),
  };
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/**
 * Returns text without the characters that XML 1.0 cannot hold even escaped, and with escaped commands of CI runners, which may
 * print the file. The writer takes what looks like an entity (`&tom;`) for one, so that each `&` is escaped here.
 */
const xml = (text: string): string =>
  withEscapedCommands(
    printable(text)
      .replace(/[\ufffe\uffff]/g, '\ufffd')
      .replaceAll('&', '&amp;'),
    { bracket: '&#91;', colon: '&#58;' },
  );
