import type { CauseSubject } from '../cause/find-causes';
import { eventOf } from '../cause/outcome';
import type { Cause, ChangedPackage, FoundCause } from '../model/cause';
import { composeMessage, messageParts } from '../model/message';
import type {
  CauseVariant,
  Diagnosis,
  DifferenceKind,
  ProposedGroup,
  RemedyChange,
  ReplayTrace,
} from '../model/diagnosis';
import type { DiagnosedResult } from '../model/report';
import type { SourceLocation } from '../model/source';
import { type HistoryResult, VERDICTS } from '../model/verdict';
import { BundledSources } from '../source/bundled-sources';
import { codeFrame } from '../source/code-frame';
import { changedFrame } from '../source/changed-frame';
import { functionNameOn } from '../source/function-names';
import { pathTo } from '../source/statements';
import { isCalled } from './calls';
import { type CausePlace, causePlace } from './cause-place';
import { type Variant, groupByCause } from './group-by-cause';
import { findPlace } from './find-place';
import { fingerprintOf } from './fingerprint';
import { type Takeover, impactOf } from './impact';
import { relativeFile, relativeLocation } from '../source/relative-location';
import { patchIdsOf } from './patch-ids';
import { remediesFor } from './remedies';
import { failsRuns, groupOfDiagnoses, membersOf } from './plain-group';
import type { RemedyContext } from './remedy';
import { indexesByCause } from './undiagnosed';

const PROVEN = 'This change makes the histories break: they were replayed without it.';
const LIKELY =
  'This change is the likeliest to make the histories break. Not all changes were tried: the time of --advice-timeout was over. Raise it, or run `replay fix`, which takes more.';

/** Kinds of difference that no change of the code makes. */
const NO_FAULT_OF_CODE: readonly DifferenceKind[] = ['unreadable', 'undecoded', 'unreplayed', 'internal'];

export interface DiagnosisOptions {
  /** The directory that files of reports are relative to. */
  cwd: string;
  /** Paths of the bundles, whose source maps hold the sources. */
  bundlePaths: readonly string[];
  /** The workflow types of all bundles. */
  workflowTypes: readonly string[];
}

/** Makes diagnoses from the traces of the replay processes, and groups of results with one cause. */
export class Diagnoser {
  private readonly sources: BundledSources;
  /** One trace for each cause and kind: that of the first file by name, so that reports do not differ from run to run. */
  private readonly traces = new Map<string, { file: string; trace: ReplayTrace }>();

  constructor(private readonly options: DiagnosisOptions) {
    this.sources = new BundledSources(options.bundlePaths);
  }

  /** Returns the result with its diagnosis, and with the location in its divergence. */
  diagnose(result: HistoryResult, found: ReplayTrace): DiagnosedResult {
    const { cwd } = this.options;
    const trace = this.refined(found);
    const { location, callers, locationNote } = findPlace(trace, result.workflowType, this.sources);
    const shown = location && relativeLocation(location, cwd);
    const named = location && this.shown(location);
    const lineText = location && this.sources.lineOf(location.file, location.line);
    const fingerprint = fingerprintOf(result, trace, { location: shown, lineText });
    const known = `${fingerprint} ${trace.kind}`;
    const kept = this.traces.get(known);
    if (!kept || result.file < kept.file) this.traces.set(known, { file: result.file, trace });
    const diagnosis: Diagnosis = {
      fingerprint,
      kind: trace.kind,
      headline: composeMessage(trace.headline),
      headlineParts: trace.headline,
      isOpen: trace.isOpen,
      location: named,
      callers: callers.map((caller) => this.shown(caller)),
      locationNote,
      rows: trace.rows,
      ...(trace.due && { due: trace.due }),
    };
    const { divergence } = result;
    return {
      ...result,
      ...(divergence && { divergence: { ...divergence, location: named } }),
      diagnosis,
      ...(trace.timeline && { timeline: trace.timeline }),
    };
  }

  /** Returns a trace with the headline of a moved patch if the code still asks for it, and one of kind `replaced` for a command that looks renamed if the old name is still called. */
  private refined(trace: ReplayTrace): ReplayTrace {
    const { kind, recorded, produced } = trace;
    if (
      kind === 'removed' &&
      recorded?.kind === 'patch' &&
      patchIdsOf(this.sources).includes(recorded.name ?? '')
    )
      return {
        ...trace,
        headline: messageParts({ own: `patch \`${recorded.name}\` is asked at another place than recorded` }),
      };
    const [old, now] = [recorded?.name, produced?.name];
    if (kind !== 'renamed' || recorded?.kind === 'patch' || !old || old === now) return trace;
    return isCalled(old, this.sources) ? { ...trace, kind: 'replaced' } : trace;
  }

  /** Returns a place as reports show it: a function without a name goes by the call that it is handed to. */
  private shown(place: SourceLocation): SourceLocation {
    const program = place.function === null ? this.sources.syntaxOf(place.file)?.program : undefined;
    const name = program ? functionNameOn(pathTo(program, place)) : place.function;
    return { ...relativeLocation(place, this.options.cwd), function: name };
  }

  /** Returns the differences whose cause may be a change of the code, with the places that lead to it. */
  causeSubjects(results: readonly DiagnosedResult[]): CauseSubject[] {
    return [...byFingerprint(results)].flatMap(([fingerprint, indexes]) => {
      const members = indexes.map((i) => results[i]!);
      const isOld = members.every(({ accepted, existedBefore }) => accepted ?? existedBefore);
      const sorted = membersOf(indexes, results);
      if (isOld || NO_FAULT_OF_CODE.includes(sorted[0]!.diagnosis!.kind)) return [];
      const { trace, workflowType } = this.typicalOf(fingerprint, sorted);
      return [{ fingerprint, members, ...this.traitsOf(trace, workflowType) }];
    });
  }

  private traitsOf(trace: ReplayTrace, workflowType: string | null): Pick<CauseSubject, 'places' | 'names'> {
    const { location, callers } = findPlace(trace, workflowType, this.sources);
    const { recorded, produced, removed, added, before, instead } = trace;
    const places = [...(location ? [location] : []), ...callers];
    const nearby = [before, produced, instead].flatMap((command) => command?.at ?? []);
    const commands = [recorded, produced, ...removed, ...added];
    return {
      places: [...places, ...nearby.filter((place) => !places.some((each) => isSameLine(each, place)))],
      names: [...new Set(commands.flatMap((command) => command?.name ?? []))].filter((name) =>
        /^[A-Za-z_$][\w$]+$/.test(name),
      ),
    };
  }

  /**
   * Returns the results that are not compatible, grouped by cause: the gravest verdict first.
   *
   * @param causes the changes that make results break, by fingerprint
   */
  async group(
    results: readonly DiagnosedResult[],
    causes: ReadonlyMap<string, FoundCause> = new Map(),
  ): Promise<ProposedGroup[]> {
    const groups: ProposedGroup[] = [];
    for (const variants of groupByCause(byFingerprint(results), results, causes))
      groups.push(await this.anyGroupOf(variants, results, causes.get(variants[0]!.fingerprint) ?? null));
    const rank = (group: ProposedGroup): number => VERDICTS[group.verdict].rank;
    return groups.sort(
      (a, b) => rank(a) - rank(b) || b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1),
    );
  }

  /** Returns the group, or what the diagnoses alone tell of it if its remedies cannot be worked out. */
  private async anyGroupOf(
    variants: readonly Variant[],
    all: readonly DiagnosedResult[],
    cause: FoundCause | null,
  ): Promise<ProposedGroup> {
    try {
      return await this.groupOf(variants, all, cause);
    } catch (err) {
      const indexes = resultsOf(variants);
      const isExplained = all[indexes[0]!]!.diagnosis!.kind === 'internal';
      return groupOfDiagnoses(indexes, all, isExplained ? undefined : err);
    }
  }

  /** Returns the trace of the result that stands for those with a fingerprint. */
  private typicalOf(
    fingerprint: string,
    [first]: readonly DiagnosedResult[],
  ): { trace: ReplayTrace; workflowType: string | null } {
    const { trace } = this.traces.get(`${fingerprint} ${first!.diagnosis!.kind}`)!;
    return { trace, workflowType: first!.workflowType };
  }

  private async groupOf(
    variants: readonly Variant[],
    all: readonly DiagnosedResult[],
    found: FoundCause | null,
  ): Promise<ProposedGroup> {
    const [main, ...others] = variants;
    const mainMembers = membersOf(main!.results, all);
    const first = mainMembers[0]!;
    const plain = groupOfDiagnoses(resultsOf(variants), all, undefined, first);
    const { trace } = this.typicalOf(main!.fingerprint, mainMembers);
    // A package has no workflow types of the service.
    const cause = trace.kind === 'unknown-type' && found?.hunks.length === 0 ? null : found;
    const { location: place, callers: placeCallers } = findPlace(trace, first.workflowType, this.sources);
    const context: RemedyContext = {
      result: first,
      trace,
      place,
      callers: placeCallers,
      cause,
      sources: this.sources,
      workflowTypes: this.options.workflowTypes,
      cwd: this.options.cwd,
    };
    const changed = cause && causePlace(cause, place ? [place, ...placeCallers] : [], this.sources);
    return {
      ...plain,
      cause: cause && this.relativeCause(cause, changed),
      variants: others.map((variant) => variantOf(variant, all)),
      codeFrame: this.codeFrameAt(place),
      ...(changed ? this.changedPlace(changed, plain.location, cause) : packagesNote(cause)),
      impact: impactOf({ ...plain, takeover: this.takeoverIn(trace), failsRuns: failsRuns(first) }),
      remedies: (await remediesFor(context)).map((remedy) => ({
        ...remedy,
        ...this.relativeChange(remedy),
        alternatives: remedy.alternatives.map((change) => this.relativeChange(change)),
      })),
    };
  }

  /** Returns the parts of a group that show a changed line as its place. `issuing` is the call that made the difference. */
  private changedPlace(
    { location: place, hunk }: CausePlace,
    issuing: SourceLocation | null,
    { proven }: Cause,
  ) {
    const location = this.shown(place);
    const text = this.sources.textOf(place.file);
    return {
      location,
      issuedAt: issuing && isSameLine(issuing, location) ? null : issuing,
      locationNote: proven ? PROVEN : LIKELY,
      codeFrame: text === null ? null : changedFrame(text, hunk),
    };
  }

  /** Returns a cause as reports have it: paths relative to the current directory, and the passage of the place first. */
  private relativeCause({ changes: _, ...cause }: FoundCause, place: CausePlace | null): Cause {
    const hunks = place ? [place.hunk, ...cause.hunks.filter((hunk) => hunk !== place.hunk)] : cause.hunks;
    const file = (hunk: { file: string }): string => relativeFile(hunk.file, this.options.cwd);
    return { ...cause, hunks: hunks.map((hunk) => ({ ...hunk, file: file(hunk) })) };
  }

  private relativeChange({ snippet, edits }: RemedyChange): RemedyChange {
    const { cwd } = this.options;
    return { snippet, edits: edits.map((edit) => ({ ...edit, file: relativeFile(edit.file, cwd) })) };
  }

  private takeoverIn({ kind, recorded, produced, ownWait }: ReplayTrace): Takeover | null {
    if (kind !== 'drift' || !recorded || !produced) return null;
    const place = ownWait && `${relativeFile(ownWait.file, this.options.cwd)}:${ownWait.line}`;
    return { recorded: recorded.words, produced: produced.words, place };
  }

  private codeFrameAt(place: SourceLocation | null): string | null {
    const text = place && this.sources.textOf(place.file);
    return place && text !== null ? codeFrame(text, place) : null;
  }
}

/** Returns the note for a difference that only packages can be the cause of. */
function packagesNote(cause: Cause | null): Pick<ProposedGroup, 'locationNote'> | null {
  if (!cause || cause.packages.length === 0) return null;
  const changes = cause.packages.slice(0, MAX_PACKAGES).map(packageText);
  const more = cause.packages.length - MAX_PACKAGES;
  const all = [...changes, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  const locationNote = `No change of the code accounts for this. Packages changed since ${cause.since.slice(0, 12)}: ${all}. It is not proven that they are the cause.`;
  return { locationNote };
}

const MAX_PACKAGES = 5;

const packageText = ({ name, before, now }: ChangedPackage): string =>
  before === null ? `\`${name}\` ${now} is new` : `\`${name}\` ${before} → ${now ?? 'removed'}`;

/** Returns the results of variants, ascending. */
const resultsOf = (variants: readonly Variant[]): number[] =>
  variants.flatMap(({ results }) => results).sort((a, b) => a - b);

function byFingerprint(results: readonly DiagnosedResult[]): Map<string, number[]> {
  return new Map(
    indexesByCause(results).map((indexes) => [results[indexes[0]!]!.diagnosis!.fingerprint, indexes]),
  );
}

function variantOf({ fingerprint, results }: Variant, all: readonly DiagnosedResult[]): CauseVariant {
  const [first] = results.map((i) => all[i]!).sort((a, b) => (a.file < b.file ? -1 : 1));
  const { kind, headline, headlineParts } = first!.diagnosis!;
  return { fingerprint, kind, headline, headlineParts, eventId: eventOf(first!), count: results.length };
}

const isSameLine = (a: SourceLocation, b: SourceLocation): boolean => a.file === b.file && a.line === b.line;
