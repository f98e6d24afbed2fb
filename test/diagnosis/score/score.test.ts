import { join } from 'node:path';
import pLimit from 'p-limit';
import type { FailureGroup } from '../../../src/model/diagnosis';
import type { RunReport } from '../../../src/model/report';
import type { HistoryResult } from '../../../src/model/verdict';
import { scratchDirectory } from '../../helpers/replay-cli';
import { EDITS, type Edit } from './edits';
import { eventIdOf } from './events';
import { lineOf, replayEdit, scoreReport, writeUncommitted } from './score-edit';
import { writeService } from './service-files';
import { SERVICES } from './services/services';

const ALL = Object.entries(EDITS).flatMap(([service, edits]) => edits.map((edit) => ({ service, edit })));

const editNamed = (service: string, name: string): Edit => {
  const edit = EDITS[service]!.find((each) => each.name === name);
  if (!edit) throw new Error(`${service} has no edit ${name}`);
  return edit;
};

describe('the table of edits', () => {
  it('has at least 60 edits of eight services, of each kind', () => {
    const count = (kind: Edit['kind']): number => ALL.filter(({ edit }) => edit.kind === kind).length;

    expect(Object.keys(EDITS)).toEqual(SERVICES.map(({ name }) => name));
    expect(ALL.length).toBeGreaterThanOrEqual(60);
    expect(count('breaking')).toBeGreaterThanOrEqual(30);
    expect(count('safe')).toBeGreaterThanOrEqual(10);
    expect(count('drifting')).toBeGreaterThanOrEqual(12);
    expect(count('throwing')).toBeGreaterThanOrEqual(8);
  });

  it.each(Object.keys(EDITS))('names events and lines that are there: %s', (service) => {
    const histories = SERVICES.find(({ name }) => name === service)!.cases.map(({ history }) => history);
    const scratch = scratchDirectory();

    EDITS[service]!.forEach((edit, n) => {
      const directory = join(scratch, String(n));
      writeService(service, directory, edit.changes, edit.newFiles);
      const named = edit.truths.flatMap((truth) => truth.histories);

      expect(histories).toEqual(expect.arrayContaining(named));
      expect(new Set(named).size).toBe(named.length);
      expect(named.length === 0).toBe(edit.kind === 'safe');
      for (const { event, histories: affected, at, path } of edit.truths) {
        if (event !== null) affected.forEach((history) => eventIdOf(service, history, event));
        at.forEach((place) => lineOf(directory, place));
        expect(path !== undefined).toBe(edit.kind === 'drifting');
      }
    });
  });
});

describe('the score of a report', () => {
  const edit = editNamed('booking', 'one more item in a mapped Promise.all');
  let directory = '';
  beforeAll(() => {
    directory = scratchDirectory();
    writeUncommitted('booking', edit, directory);
  });

  const result = (history: string, changes: Partial<HistoryResult>): HistoryResult => ({
    file: `histories/${history}.json`,
    workflowId: null,
    runId: null,
    workflowType: 'bookTrip',
    verdict: 'compatible',
    events: 38,
    verifiedEvents: 38,
    durationMs: 1,
    drift: [],
    ...changes,
  });
  const diverged = (history: string, eventId: number): HistoryResult =>
    result(history, {
      verdict: 'incompatible',
      divergence: { eventId, recorded: null, produced: null, location: null, coreMessage: null },
    });
  const rightEvent = (history: string): number =>
    eventIdOf('booking', history, 'ActivityTaskScheduled rentCar');
  const at = (line: number) => ({ file: join(directory, 'workflows.ts'), line, column: 1, function: null });
  const group = (line: number, changedLine = lineOf(directory, ['workflows.ts', "'zipzap'"])): FailureGroup =>
    ({
      kind: 'added',
      results: [0, 1],
      location: at(changedLine),
      issuedAt: at(line),
      variants: [],
      remedies: [{ code: 'patch' }],
    }) as unknown as FailureGroup;
  const report = (results: HistoryResult[], groups: FailureGroup[]): RunReport =>
    ({ results, groups }) as unknown as RunReport;
  const right = (): HistoryResult[] => [
    diverged('booked', rightEvent('booked')),
    diverged('car-sold-out', rightEvent('car-sold-out')),
    result('cancelled', {}),
  ];
  const rightLine = (): number => lineOf(directory, ['workflows.ts', 'cars.quoteCar(']);

  it('is full for the right answer', () => {
    const score = scoreReport('booking', edit, report(right(), [group(rightLine())]), directory);

    expect(score).toMatchObject({ caught: true, event: true, kind: true, place: true, remedy: true });
    expect(score).toMatchObject({ path: null, clean: true, misses: [], hunk: true });
  });

  it('counts a place outside of the changed lines', () => {
    const elsewhere = group(rightLine(), rightLine());

    const score = scoreReport('booking', edit, report(right(), [elsewhere]), directory);

    expect(score).toMatchObject({ place: true, hunk: false });
    expect(score.misses).toEqual([expect.stringContaining('not in the change')]);
  });

  it('has no diagnosis where there are no groups', () => {
    const score = scoreReport('booking', edit, report(right(), []), directory);

    expect(score).toMatchObject({ caught: true, event: true, kind: false, place: false, remedy: false });
    expect(score.misses).toEqual(['booked: in no group', 'car-sold-out: in no group']);
  });

  it('tells the next line and the next event from the right ones', () => {
    const [booked, , ...others] = right();
    const late = diverged('car-sold-out', rightEvent('car-sold-out') + 1);
    const score = scoreReport(
      'booking',
      edit,
      report([booked!, late, ...others], [group(rightLine() + 1)]),
      directory,
    );

    expect(score).toMatchObject({ caught: true, event: false, place: false, remedy: true });
  });

  it('sees a history that is flagged and should not be', () => {
    const [booked, soldOut] = right();
    const flagged = diverged('cancelled', 11);
    const score = scoreReport('booking', edit, report([booked!, soldOut!, flagged], []), directory);

    expect(score).toMatchObject({ caught: true, clean: false });
    expect(score.misses).toContain('cancelled: incompatible@11');
  });
});

/** The whole table takes minutes: `npm run diagnose:score`. */
describe('a sample of the table, replayed by the built CLI', () => {
  const SAMPLE: readonly [service: string, name: string, path: true | null][] = [
    ['approvals', 'an interceptor adds a timer', null],
    ['video', 'larger batches', null],
    ['booking', 'two steps made parallel', true],
    ['meter', 'the clean-up of a cancelled workflow is no longer exempt from cancellation', null],
    ['signing', 'two activities of an update handler change places', null],
    ['booking', 'the result of the workflow', true],
  ];
  const limit = pLimit(2);

  it('finds the histories, events, places and remedies of the truth, and flags no others', async () => {
    const scores = await Promise.all(
      SAMPLE.map(([service, name]) =>
        limit(async () => {
          const directory = scratchDirectory();
          const edit = editNamed(service, name);
          return scoreReport(service, edit, await replayEdit(service, edit, directory), directory);
        }),
      ),
    );

    const column = (key: 'caught' | 'path' | 'clean'): unknown[] => scores.map((score) => score[key]);
    expect(scores.flatMap(({ misses }) => misses)).toEqual([]);
    expect(column('caught')).toEqual(SAMPLE.map(() => true));
    expect(column('path')).toEqual(SAMPLE.map(([, , path]) => path));
    expect(column('clean')).toEqual(SAMPLE.map(() => true));
  });
});
