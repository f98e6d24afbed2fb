import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validateXML } from 'xmllint-wasm';
import { messageParts } from '../../src/model/message';
import type { BaselineEntry, DiagnosedReport, DiagnosedResult } from '../../src/model/report';
import { REPORTERS } from '../../src/report/reporters';
import { openScreen } from '../../src/report/screen';
import { LOCATION, SAMPLE } from '../helpers/sample-report';
import { HOSTILE_TEXTS, faultsOf, hostileNames } from './hostile-texts';

export interface AttackOptions {
  /** Time after which no further name is tried. */
  budgetMs?: number;
  /** Number of names. @default all */
  count?: number;
  /** Chooses the names if not all of them are tried. */
  seed?: number;
}

/** Shows reports full of hostile names in every reporter, with and without colours, and checks what comes out. */
export async function attack({ budgetMs = Infinity, count, seed = 0 }: AttackOptions = {}): Promise<{
  tried: number;
  failures: string[];
}> {
  const names = hostileNames();
  const start = (seed * HOSTILE_TEXTS.length) % names.length;
  const chosen = [...names.slice(start), ...names.slice(0, start)].slice(0, count);
  const endsAt = Date.now() + budgetMs;
  const failures: string[] = [];
  let tried = 0;
  for (const name of chosen) {
    if (Date.now() > endsAt) break;
    for (const reporter of Object.keys(REPORTERS)) {
      tried++;
      for (const fault of await faultsOfReporter(reporter, name))
        failures.push(`${reporter} with ${JSON.stringify(name.slice(0, 200))}: ${fault}`);
    }
  }
  return { tried, failures };
}

async function faultsOfReporter(reporter: string, name: string): Promise<string[]> {
  const report = reportOf(name);
  const plain = await shown(reporter, report, false);
  const colored = await shown(reporter, report, true);
  const ownCommands = reporter === 'github' ? report.groups.length : 0;
  const isForPeople = REPORTERS[reporter]!.reader !== 'program';
  return [
    ...faultsOf(plain, { ownCommands, isForPeople }),
    ...faultsOf(colored, { ownCommands, isForPeople, isColored: true }),
    ...(await (FORMATS[reporter]?.(plain, name) ?? [])),
  ];
}

async function shown(reporter: string, report: DiagnosedReport, isColored: boolean): Promise<string> {
  let text = '';
  const screen = openScreen(
    { out: (part) => void (text += part), err: () => undefined },
    { isTerminal: false, color: isColored, hyperlinks: isColored },
  );
  await REPORTERS[reporter]!.open(screen, { cwd: '/repo', env: {} }).onEnd!(report);
  return text;
}

/** Faults of each format that is read by a program. */
const FORMATS: Record<string, (text: string, name: string) => string[] | Promise<string[]>> = {
  json: (text, name) => {
    const { results, groups } = JSON.parse(text) as DiagnosedReport;
    const isSame = results.every(({ workflowId }) => workflowId === name) && groups[0]!.headline === name;
    return isSame ? [] : ['the JSON holds another name'];
  },
  sarif: (text) => {
    const { runs } = JSON.parse(text) as { runs: { results: unknown[] }[] };
    return runs[0]!.results.length === SAMPLE.groups.length ? [] : ['the SARIF log holds other results'];
  },
  junit: async (xml) => {
    const { errors } = await validateXML({ xml, schema: JUNIT_SCHEMA });
    return errors.map(({ message }) => `not well-formed: ${message}`);
  },
  html: async (page) => {
    const own = tagsOf(await shown('html', reportOf('name'), false));
    const more = tagsOf(page) - own;
    return more === 0 ? [] : [`${more} new tags`];
  },
};

const JUNIT_SCHEMA = readFileSync(join(__dirname, '../report/reporters/junit.xsd'), 'utf8');

/** Counts the tags of a page, which escapes each `<` of others. Names between backticks become elements. */
const tagsOf = (page: string): number => withoutTokens(page).match(/<(?!\/?(?:code|bdi)\b)/g)!.length;

/** Takes the elements out that mark the lines and tokens of code, of which other code has others. */
const withoutTokens = (page: string): string =>
  page.replace(/<code>(.*?)<\/code>/gs, (_, code: string) =>
    code.replace(/<span class="(?:ln [a-z]+" data-n="[^"<]*|sign|t[cknst])">|<\/span>/g, ''),
  );

/** Indexes of the results of the sample that the report keeps: one of each verdict. */
const KEPT = [1, 501, 502, 503, 504];

/** Keys of a report whose texts come from histories, clusters, the user's code and configuration. */
const FOREIGN_KEYS = new Set([
  ...['file', 'workflowId', 'runId', 'workflowType', 'workflowTypes', 'uncoveredTypes', 'name', 'function'],
  ...['headline', 'locationNote', 'codeFrame', 'impact', 'title', 'text', 'snippet', 'coreMessage'],
  ...['message', 'own', 'foreign', 'details', 'errorType', 'frame', 'path', 'recorded', 'produced'],
  ...['reason', 'expires', 'ref', 'projects', 'branch', 'commit', 'directory', 'tool', 'sdk', 'node'],
  ...['namespace', 'startedAt', 'firstEventAt', 'diff'],
]);

/** Keys of a report that hold addresses, of which a part is foreign. */
const URL_KEYS = new Set(['url', 'filesUrl', 'job']);

/** Returns a report with the text in the place of all that may be foreign. */
function reportOf(text: string): DiagnosedReport {
  const entry: BaselineEntry = {
    ...{ fingerprint: 'f', workflowId: null, runId: null, file: '', workflowType: '', headline: '' },
    ...{ verdict: 'failed', reason: '', expires: '' },
  };
  const report: DiagnosedReport = {
    ...SAMPLE,
    results: KEPT.map((i): DiagnosedResult => ({
      ...SAMPLE.results[i]!,
      workflowId: '',
      divergence: { eventId: 11, recorded: null, produced: null, location: LOCATION, coreMessage: '' },
      existedBefore: true,
    })),
    groups: SAMPLE.groups.map((group, i) => ({
      ...group,
      results: [i],
      remedies: group.remedies.map((remedy) => ({ ...remedy, diff: '' })),
    })),
    notes: [
      {
        projects: [''],
        because: 'ambiguous-project',
        message: '',
        parts: messageParts({ own: '' }),
      },
    ],
    baseline: { file: '', expired: [entry], stale: [entry] },
    changedSince: { ref: '', commit: 'c0ffee', problem: null },
    origin: {
      startedAt: '',
      versions: { tool: '', sdk: '', node: '' },
      projects: [''],
      repository: { url: '', branch: '', commit: '', isModified: true, directory: '', filesUrl: '' },
      job: '',
      temporalUi: { url: '', namespace: '' },
    },
  };
  return replaced(report, null, text) as DiagnosedReport;
}

function replaced(value: unknown, key: string | null, text: string): unknown {
  if (typeof value === 'string') {
    if (key !== null && URL_KEYS.has(key)) return `https://git.example.com/${text}`;
    return key !== null && FOREIGN_KEYS.has(key) ? text : value;
  }
  if (Array.isArray(value)) return value.map((one) => replaced(one, key, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, name, text)]));
}
