/** Simulates a year of a service that follows the stages of its patches, and checks each step against what its runs really need. */
import type { PatchFunction, PatchStage } from '../../../lib/model/patches';
import type { CodePatches } from '../../../lib/versions/patches/code-patches';
import { patchRow } from '../../../lib/versions/patches/patch-report';
import { PatchTally } from '../../../lib/versions/patches/patch-tally';
import { random } from '../../helpers/random';

const DAYS = 365;
const RETENTION_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;
const TYPES = ['order', 'invoice', 'refund', 'shipment', 'account'];
const PATCHES = 60;
const RUNS_A_DAY = 12;

/** A run comes to some patches of its type, each on a day of its own, and takes a way there that replays have to repeat. */
interface Run {
  type: string;
  closesOn: number;
  /** The days on which it comes to patches, by their ids. */
  meets: Map<string, number[]>;
  /** The ways that it took there, as its history shows them. */
  did: Map<string, Set<'old' | 'live' | 'deprecated'>>;
}

interface Patch {
  id: string;
  type: string;
  addedOn: number;
  call: PatchFunction | null;
  /** The call before the last change, which some workers still have on the day of the change. */
  before: PatchFunction | null;
  changedOn: number;
}

class Year {
  readonly patches: Patch[];
  private runs: Run[] = [];
  readonly tooEarly: string[] = [];
  /** Days between the one on which a step became possible and the one on which it was named. */
  readonly delays: number[] = [];
  private readonly possibleSince = new Map<string, number>();
  private readonly random: () => number;

  constructor(seed: number) {
    this.random = random(seed);
    this.patches = Array.from({ length: PATCHES }, (_, i) => ({
      id: `patch-${i}`,
      type: this.oneOf(TYPES),
      addedOn: this.below(DAYS - 120),
      ...{ call: null, before: null, changedOn: -1 },
    }));
  }

  play(): void {
    for (let day = 0; day < DAYS; day++) {
      for (const patch of this.patches) if (patch.addedOn === day) this.change(patch, 'patched', day);
      for (let i = 0; i < RUNS_A_DAY; i++) this.start(day);
      this.work(day);
      this.runs = this.runs.filter(({ closesOn }) => day <= closesOn + RETENTION_DAYS);
      this.followAdvice(day);
    }
  }

  private below = (limit: number): number => Math.floor(this.random() * limit);
  private oneOf = <T>(values: readonly T[]): T => values[this.below(values.length)]!;

  /** Returns an entry for each time that a run comes to a call. */
  private times = (): number[] => Array.from({ length: this.random() < 0.3 ? 3 : 1 }, (_, i) => i);

  private start(day: number): void {
    const type = this.oneOf(TYPES);
    // Some runs last for months, most for a few days.
    const length = this.random() < 0.1 ? this.below(70) : this.below(6);
    const meets = new Map(
      this.patches.flatMap((patch) =>
        patch.type === type && this.random() < 0.8
          ? [[patch.id, this.times().map(() => day + this.below(length + 1))] as const]
          : [],
      ),
    );
    this.runs.push({ type, closesOn: day + length, meets, did: new Map() });
  }

  /** Lets each run come to the patches of the day. */
  private work(day: number): void {
    for (const { meets, did, closesOn } of this.runs)
      for (const patch of this.patches) {
        if (!meets.get(patch.id)?.includes(day) || day > closesOn) continue;
        const ways = did.get(patch.id) ?? new Set();
        const isOldWorker = patch.changedOn === day && this.random() < 0.5;
        const call = isOldWorker ? patch.before : patch.call;
        if (call === 'patched') ways.add('live');
        else if (call === 'deprecatePatch') ways.add('deprecated');
        else if (day <= patch.addedOn) ways.add('old');
        did.set(patch.id, ways);
      }
  }

  private change(patch: Patch, call: PatchFunction | null, day: number): void {
    patch.before = patch.call;
    patch.call = call;
    patch.changedOn = day;
  }

  private followAdvice(day: number): void {
    const stages = this.stagesOn(day);
    for (const patch of this.patches) {
      if (patch.call === null || patch.changedOn === day) continue;
      const needed = patch.call === 'patched' ? 'old' : 'live';
      const isNeeded = this.runs.some(({ did }) => did.get(patch.id)?.has(needed));
      const isPossible = !isNeeded && this.isDeployed(patch);
      if (isPossible && !this.possibleSince.has(patch.id)) this.possibleSince.set(patch.id, day);
      const stage = stages.get(patch.id);
      if (stage !== 'deprecatable' && stage !== 'removable') continue;
      if (isNeeded) this.tooEarly.push(`${patch.id} on day ${day}`);
      this.delays.push(day - (this.possibleSince.get(patch.id) ?? day));
      this.possibleSince.delete(patch.id);
      this.change(patch, stage === 'deprecatable' ? 'deprecatePatch' : null, day);
    }
  }

  /** Returns true if a run shows that the code of today is out. */
  private isDeployed({ id, call }: Patch): boolean {
    return this.runs.some(({ did }) => {
      const ways = did.get(id);
      return call === 'patched'
        ? ways?.has('live') || ways?.has('deprecated')
        : ways?.has('deprecated') && !ways.has('live');
    });
  }

  private stagesOn(day: number): Map<string, PatchStage> {
    const due = this.patches.filter(({ call }) => call !== null);
    const calls = due.map(({ id, type, call }) => ({
      ...{ id, call, file: 'workflows.ts', line: 1, column: 1, workflowTypes: [type] },
    })) as unknown as CodePatches['calls'];
    const tally = new PatchTally({ calls, workflowTypes: TYPES, takesAnyType: false });
    for (const { type, closesOn, did } of this.runs) {
      const isOpen = day <= closesOn;
      const markers = [...did].flatMap(([id, ways]) => {
        const kind = ways.has('live') ? 'live' : ways.has('deprecated') ? 'deprecated' : null;
        return kind === null ? [] : [[id, kind] as const];
      });
      const old = [...did].flatMap(([id, ways]) =>
        ways.has('old') ? [[id, { true: ways.size - 1, false: 1 }]] : [],
      );
      tally.add({
        ...{ workflowType: type, group: isOpen ? 'open' : 'closed', file: null, isWhole: true },
        markers: new Map(markers),
        decisions: Object.fromEntries(old) as Record<string, { true: number; false: number }>,
        closedAtMs: isOpen ? null : closesOn * DAY_MS,
      });
    }
    return new Map(
      due.map(({ id }) => {
        const own = calls.filter((call) => call.id === id);
        const context = { retentionMs: RETENTION_DAYS * DAY_MS, isOfCorpus: false };
        return [id, patchRow(id, own, tally.all().get(id)!, context).stage];
      }),
    );
  }
}

describe('a year of sixty patches whose stages are followed', () => {
  it.each([1, 2, 3, 4, 5])('takes no step too early, and names each on its first day (seed %i)', (seed) => {
    const year = new Year(seed);

    year.play();

    expect(year.tooEarly).toEqual([]);
    expect(Math.max(...year.delays)).toBe(0);
    expect(year.patches.filter(({ call }) => call === null).length).toBeGreaterThan(PATCHES / 2);
  });
});
