import { createHash, randomInt } from 'node:crypto';
import { TemporalReplayError } from '../errors';
import type { EngineCounts, EngineUse } from '../model/engine';
import type { DiagnosedResult } from '../model/report';
import type { HistoryResult } from '../model/verdict';

/** Share of the screen's answers that core checks. */
const SAMPLED_SHARE = 0.01;
/** Number of histories that an error names. */
const MAX_NAMED = 5;

/** Counts the engines that the results of a run came from, and collects what they disagree about. */
export class EngineTally {
  private readonly screened: DiagnosedResult[] = [];
  private readonly unsure = new Map<string, number>();
  private readonly disagreements: string[] = [];
  /** Files of results of the screen that core has checked. */
  private readonly checked = new Set<string>();
  private byCore = 0;
  private sampled = 0;

  constructor(
    /** Number from which the sample is drawn. */
    readonly seed = randomInt(2 ** 31),
  ) {}

  add(use: EngineUse | undefined, result: DiagnosedResult): void {
    if (use === undefined) return;
    if (use.disagrees) this.disagreements.push(result.file);
    if (use.isChecked) this.noteChecked(result);
    if (use.by === 'screen') return void this.screened.push(result);
    this.byCore++;
    if (use.unsure !== undefined) this.unsure.set(use.unsure, (this.unsure.get(use.unsure) ?? 0) + 1);
  }

  /** Returns those of some histories that core should check when the screen replays them: one in a hundred, at least one. */
  draw<Source extends { file: string }>(sources: readonly Source[]): Source[] {
    return this.drawn(sources, sizeOfSample(sources.length));
  }

  /** Returns the results of the screen that core has not checked, as many as the sample lacks. */
  sample(): DiagnosedResult[] {
    const isChecked = ({ file }: DiagnosedResult): boolean => this.checked.has(file);
    const lacking = sizeOfSample(this.screened.length) - this.screened.filter(isChecked).length;
    return this.drawn(
      this.screened.filter((result) => !isChecked(result)),
      Math.max(0, lacking),
    );
  }

  private drawn<Item extends { file: string }>(items: readonly Item[], size: number): Item[] {
    return items
      .map((item) => ({ item, lot: this.lotOf(item) }))
      .sort((a, b) => (a.lot < b.lot ? -1 : 1))
      .slice(0, size)
      .map(({ item }) => item);
  }

  /** Returns the result that the screen had of a history; null if it had none. */
  screenedAs = ({ file }: HistoryResult): DiagnosedResult | null =>
    this.screened.find((result) => result.file === file) ?? null;

  /** Notes that core has checked a result of the screen. */
  addChecked(use: EngineUse | undefined, result: DiagnosedResult): void {
    if (use?.disagrees) {
      this.disagreements.push(result.file);
      const index = this.screened.findIndex(({ file }) => file === result.file);
      if (index !== -1) this.screened.splice(index, 1);
      this.byCore++;
    } else if (use?.isChecked) this.noteChecked(result);
  }

  private noteChecked({ file }: HistoryResult): void {
    this.sampled++;
    this.checked.add(file);
  }

  /** Returns the counts; null if the screen was never asked. */
  counts(): EngineCounts | null {
    const { screened, byCore, sampled } = this;
    if (screened.length + byCore === 0) return null;
    const unsure = [...this.unsure].sort(([a], [b]) => (a < b ? -1 : 1));
    return { screened: screened.length, byCore, sampled, unsure: Object.fromEntries(unsure) };
  }

  /** @throws ENGINE_DISAGREES if the screen said compatible where core did not */
  check(): void {
    const { length } = this.disagreements;
    if (length === 0) return;
    const named = this.disagreements.slice(0, MAX_NAMED).join(', ');
    const more = length > MAX_NAMED ? ` and ${length - MAX_NAMED} more` : '';
    throw new TemporalReplayError(
      'ENGINE_DISAGREES',
      `The screen found a history compatible that core did not: ${named}${more}. The result is that of core.`,
    );
  }

  private lotOf({ file }: { file: string }): string {
    return createHash('sha256').update(`${this.seed} ${file}`).digest('hex');
  }
}

const sizeOfSample = (histories: number): number => Math.ceil(histories * SAMPLED_SHARE);
