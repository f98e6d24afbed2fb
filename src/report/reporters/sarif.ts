import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Invocation, Location, Log, ReportingDescriptor, Result, StackFrame } from 'sarif';
import type { DifferenceKind, FailureGroup } from '../../model/diagnosis';
import { isClusterFile } from '../../model/history';
import type { DiagnosedReport } from '../../model/report';
import type { SourceLocation } from '../../model/source';
import type { ReporterContext, ReporterFactory } from '../reporter';
import { encodedPath } from '../text/repository-links';
import { repositoryPath } from '../text/repository-path';
import { isAccepted, levelOf } from '../text/group-level';
import { errorCodesOf, errorPageText } from '../text/error-pages';
import { groupText } from '../text/group-text';
import { guarded } from '../text/guarded';
import { jsonText } from '../text/json-text';
import { printable } from '../../util/printable';
import { wellFormed } from '../../util/well-formed';
import { unprovenText } from '../text/status-text';

/** Writes SARIF 2.1.0 for code scanning, with a result for each cause on its source line. */
export const sarif: ReporterFactory = (screen, context) => ({
  onEnd: (report) => screen.document(`${jsonText(logOf(report, context), 2)}\n`),
});

const DESCRIPTIONS: Readonly<Record<DifferenceKind, string>> = {
  added: 'The code issues a command that was not recorded',
  removed: 'The code no longer issues a recorded command',
  moved: 'The code issues a recorded command at another place',
  renamed: 'The code issues a recorded command under another name or id',
  replaced: 'The code issues another kind of command than recorded',
  refused: 'Temporal refuses the history with this code',
  drift: 'The code sends other content than recorded',
  threw: 'The code throws where the recorded run went on',
  'unknown-type': 'No workflow of the code has the recorded type',
  bundle: 'The workflow code cannot be bundled or loaded',
  endless: 'The replay does not end',
  died: 'The replay process died',
  undecoded: 'A recorded payload cannot be decoded',
  unreplayed: 'The replay broke before the code could be judged',
  unreadable: 'The history cannot be read or replayed',
  internal: 'temporal-replay itself broke over the history',
};
const KINDS = Object.keys(DESCRIPTIONS) as DifferenceKind[];

function logOf(report: DiagnosedReport, context: ReporterContext): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'temporal-replay', rules: KINDS.map(ruleOf) } },
        // Source maps and the TypeScript compiler count columns in UTF-16 code units.
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(report)],
        results: report.groups.map((group) => anyResultOf(group, report, context)),
      },
    ],
  };
}

function invocationOf(report: DiagnosedReport): Invocation {
  const status = unprovenText(report);
  if (status === null) return { executionSuccessful: true };
  return {
    executionSuccessful: false,
    toolExecutionNotifications: [{ level: 'error', message: { text: status } }],
  };
}

const ruleOf = (kind: DifferenceKind): ReportingDescriptor => ({
  id: kind,
  shortDescription: { text: `${DESCRIPTIONS[kind]}.` },
  help: { text: errorPageText(kind) },
  defaultConfiguration: { level: kind === 'drift' ? 'warning' : 'error' },
});

const anyResultOf = (...given: Parameters<typeof resultOf>): Result =>
  guarded<Result>(
    () => {
      const result = resultOf(...given);
      // A value that cannot be written would take the whole log with it.
      JSON.stringify(result);
      return result;
    },
    (text) => ({
      ruleId: 'internal',
      ruleIndex: KINDS.indexOf('internal'),
      level: 'error',
      message: { text },
    }),
  );

function resultOf(group: FailureGroup, report: DiagnosedReport, context: ReporterContext): Result {
  const {
    kind,
    headline,
    fingerprint,
    count,
    openCount,
    verdict,
    workflowTypes,
    location,
    issuedAt,
    callers,
  } = group;
  const pages = errorCodesOf(group, report.results).map(errorPageText);
  return {
    ruleId: kind,
    ruleIndex: KINDS.indexOf(kind),
    level: levelOf(group, context),
    message: { text: printable([headline, groupText(group), ...pages].join('\n')) },
    locations: [location ? sourceLocation(location, context) : historyLocation(group, context)],
    partialFingerprints: { 'temporalReplayCause/v1': fingerprint },
    occurrenceCount: count,
    ...(location &&
      callers.length > 0 && {
        stacks: [{ frames: [issuedAt ?? location, ...callers].map((place) => frameOf(place, context)) }],
      }),
    ...(isAccepted(group) && {
      suppressions: [{ kind: 'external', justification: printable(reasonOf(group, report)) }],
    }),
    properties: { verdict, openCount, workflowTypes: workflowTypes.map(printable) },
  };
}

const reasonOf = ({ results }: FailureGroup, report: DiagnosedReport): string =>
  results.flatMap((i) => report.results[i]?.accepted?.reason ?? [])[0] ?? 'Accepted by the baseline.';

const sourceLocation = (place: SourceLocation, context: ReporterContext): Location => ({
  physicalLocation: {
    artifactLocation: { uri: uriOf(place.file, context) },
    region: { startLine: place.line, startColumn: place.column },
  },
  ...(place.function !== null && {
    logicalLocations: [{ name: printable(place.function), kind: 'function' }],
  }),
});

/** Returns the history as the location of a result without a source place: code scanning refuses results without a location. */
const historyLocation = ({ examples }: FailureGroup, context: ReporterContext): Location => ({
  physicalLocation: { artifactLocation: { uri: uriOf(examples[0]?.file ?? '.', context) } },
});

const frameOf = (place: SourceLocation, context: ReporterContext): StackFrame => ({
  location: sourceLocation(place, context),
});

function uriOf(file: string, context: ReporterContext): string {
  if (isClusterFile(file)) return encodeURI(wellFormed(file));
  const path = repositoryPath(file, context);
  if (path === null) return pathToFileURL(resolve(context.cwd, wellFormed(file))).href;
  return encodedPath(path.split('/'));
}
