import { composeMessage } from '../model/message';
import type { Diagnosis, ProposedGroup, RemedyChange, ReplayTrace } from '../model/diagnosis';
import type { DiagnosedResult } from '../model/report';
import type { SourceLocation } from '../model/source';
import { type HistoryResult, VERDICTS } from '../model/verdict';
import { BundledSources } from '../source/bundled-sources';
import { codeFrame } from '../source/code-frame';
import { isCalled } from './calls';
import { findPlace } from './find-place';
import { fingerprintOf } from './fingerprint';
import { type Takeover, impactOf } from './impact';
import { relativeFile, relativeLocation } from './relative-location';
import { remediesFor } from './remedies';
import { groupOfDiagnoses, membersOf } from './plain-group';
import type { RemedyContext } from './remedy';
import { indexesByCause } from './undiagnosed';

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
      location: shown,
      callers: callers.map((caller) => relativeLocation(caller, cwd)),
      locationNote,
      rows: trace.rows,
    };
    const { divergence } = result;
    return {
      ...result,
      ...(divergence && { divergence: { ...divergence, location: shown } }),
      diagnosis,
      ...(trace.timeline && { timeline: trace.timeline }),
    };
  }

  /** Returns a trace of kind `replaced` for a command that looks renamed if the old name is still called. */
  private refined(trace: ReplayTrace): ReplayTrace {
    const { kind, recorded, produced } = trace;
    const [old, now] = [recorded?.name, produced?.name];
    if (kind !== 'renamed' || recorded?.kind === 'patch' || !old || old === now) return trace;
    return isCalled(old, this.sources) ? { ...trace, kind: 'replaced' } : trace;
  }

  /** Returns the results that are not compatible, grouped by cause: the gravest verdict first. */
  async group(results: readonly DiagnosedResult[]): Promise<ProposedGroup[]> {
    const groups: ProposedGroup[] = [];
    for (const indexes of indexesByCause(results)) groups.push(await this.anyGroupOf(indexes, results));
    const rank = (group: ProposedGroup): number => VERDICTS[group.verdict].rank;
    return groups.sort(
      (a, b) => rank(a) - rank(b) || b.count - a.count || (a.fingerprint < b.fingerprint ? -1 : 1),
    );
  }

  /** Returns the group, or what the diagnoses alone tell of it if its remedies cannot be worked out. */
  private async anyGroupOf(indexes: number[], all: readonly DiagnosedResult[]): Promise<ProposedGroup> {
    try {
      return await this.groupOf(indexes, all);
    } catch (err) {
      const isExplained = all[indexes[0]!]!.diagnosis!.kind === 'internal';
      return groupOfDiagnoses(indexes, all, isExplained ? undefined : err);
    }
  }

  private async groupOf(indexes: number[], all: readonly DiagnosedResult[]): Promise<ProposedGroup> {
    const plain = groupOfDiagnoses(indexes, all);
    const first = membersOf(indexes, all)[0]!;
    const { fingerprint, kind } = plain;
    const { trace } = this.traces.get(`${fingerprint} ${kind}`)!;
    const { location: place, callers: placeCallers } = findPlace(trace, first.workflowType, this.sources);
    const context: RemedyContext = {
      result: first,
      trace,
      place,
      callers: placeCallers,
      sources: this.sources,
      workflowTypes: this.options.workflowTypes,
      cwd: this.options.cwd,
    };
    return {
      ...plain,
      codeFrame: this.codeFrameAt(place),
      impact: impactOf({ ...plain, takeover: this.takeoverIn(trace) }),
      remedies: (await remediesFor(context)).map((remedy) => ({
        ...remedy,
        ...this.relativeChange(remedy),
        alternatives: remedy.alternatives.map((change) => this.relativeChange(change)),
      })),
    };
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
