/**
 * Measures what a few histories a shape catch, by the tables of edits in test/edits and test/diagnosis/score: of the breaking edits that
 * any history catches, how many do one, two or three histories of each shape catch? `npm run measure:shapes`.
 *
 * The recorded histories are of different scenarios, so most have a shape of their own. Each is therefore also cut where the run had
 * come to rest after a workflow task: these are open runs, of which many have taken the same way so far. An edit breaks such a run if
 * it breaks the history at an event that the run has.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EDITS as SERVICE_EDITS } from '../test/diagnosis/score/edits';
import { eventIdOf as eventIdIn } from '../test/diagnosis/score/events';
import { EDITS } from '../test/edits/edits';
import { decodeHistories } from '../src/history/decode';
import { type Event, eventIdOf, recordedItemOf } from '../src/temporal/commands';
import { shapeOf } from '../src/temporal/shape';
import { chanceToCatch } from './shape-chance';

const ROOT = join(__dirname, '..');
const SERVICES = join(ROOT, 'test/diagnosis/score/services');
/** Numbers of histories of a shape that are kept. */
const KEPT = [1, 2, 3];

/** A history, or a part of it from its start. */
interface Recorded {
  history: string;
  workflowType: string;
  events: readonly Event[];
}

/** A breaking edit: the event at which it breaks each history. */
interface BreakingEdit {
  name: string;
  corpus: string;
  brokenAt: ReadonlyMap<string, number>;
}

function historiesIn(directory: string): Recorded[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) =>
      [...decodeHistories({ file, bytes: readFileSync(join(directory, file)) })].map(({ history }) => {
        const events = history?.events ?? [];
        const started = events[0]?.workflowExecutionStartedEventAttributes;
        return {
          history: basename(file, '.json'),
          workflowType: started?.workflowType?.name ?? '',
          events,
        };
      }),
    );
}

/** Returns the runs as they were after each of their workflow tasks. */
function atRest({ events, ...run }: Recorded): Recorded[] {
  return events.flatMap((event, i) => {
    if (!event.workflowTaskCompletedEventAttributes) return [];
    let end = i + 1;
    while (events[end] && recordedItemOf(events[end]!) !== null) end++;
    return end === events.length ? [] : [{ ...run, events: events.slice(0, end) }];
  });
}

const exampleEdits = (): BreakingEdit[] => {
  const path = join(ROOT, 'test/edits/expected.json');
  const expected = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>;
  return EDITS.filter(({ kind }) => kind === 'breaking').map(({ name }) => ({
    name,
    corpus: 'order-service',
    brokenAt: new Map(
      Object.entries(expected[name] ?? {}).flatMap(([history, verdict]): [string, number][] => {
        const [, eventId] = /^incompatible@(\d+)/.exec(verdict) ?? [];
        return eventId === undefined ? [] : [[history, Number(eventId)]];
      }),
    ),
  }));
};

const serviceEdits = (): BreakingEdit[] =>
  Object.entries(SERVICE_EDITS).flatMap(([corpus, edits]) =>
    edits
      .filter(({ kind }) => kind === 'breaking')
      .map(({ name, truths }) => ({
        name,
        corpus,
        brokenAt: new Map(
          truths.flatMap(({ histories, event }) =>
            histories.map((history): [string, number] => [
              history,
              event === null ? Infinity : eventIdIn(corpus, history, event),
            ]),
          ),
        ),
      })),
  );

/** Prints how many edits are caught by some histories of each shape. */
function measure(
  title: string,
  corpora: ReadonlyMap<string, Recorded[]>,
  edits: readonly BreakingEdit[],
): void {
  const shapes = new Map([...corpora].map(([name, runs]) => [name, byShape(runs)]));
  const isBroken = ({ brokenAt }: BreakingEdit, { history, events }: Recorded): boolean =>
    eventIdOf(events.at(-1)!) >= (brokenAt.get(history) ?? NaN);
  const caught = edits.filter((edit) => corpora.get(edit.corpus)!.some((run) => isBroken(edit, run)));
  const all = [...shapes.values()].flat();
  const total = all.flat().length;
  console.log(
    `${title}: ${total} in ${all.length} shapes; ${caught.length} of ${edits.length} breaking edits break any`,
  );
  for (const kept of KEPT) {
    const chances = caught.map((edit) =>
      chanceToCatch(
        shapes.get(edit.corpus)!.map((runs) => ({
          total: runs.length,
          broken: runs.filter((run) => isBroken(edit, run)).length,
        })),
        kept,
      ),
    );
    const held = all.reduce((sum, { length }) => sum + Math.min(length, kept), 0);
    const sure = chances.filter((chance) => chance === 1).length;
    const unsure = caught.filter((_, i) => chances[i]! < 1).map(({ name }) => name);
    const mean = chances.reduce((sum, chance) => sum + chance, 0);
    console.log(
      `  ${kept} a shape, ${held} in all: ${sure} caught whichever are kept, ${mean.toFixed(1)} on average`,
      ...(unsure.length > 0 ? [`(not always: ${unsure.join(', ')})`] : []),
    );
  }
}

function byShape(runs: readonly Recorded[]): Recorded[][] {
  const shapes = new Map<string, Recorded[]>();
  for (const run of runs) {
    const key = `${run.workflowType} ${shapeOf(run.events)}`;
    shapes.set(key, [...(shapes.get(key) ?? []), run]);
  }
  return [...shapes.values()];
}

const example = historiesIn(join(ROOT, 'histories'));
const services = Object.keys(SERVICE_EDITS).map((name): [string, Recorded[]] => [
  name,
  historiesIn(join(SERVICES, name, 'histories')),
]);
for (const [table, corpora, edits] of [
  ['test/edits', [['order-service', example] as [string, Recorded[]]], exampleEdits()],
  ['test/diagnosis/score', services, serviceEdits()],
] as const) {
  measure(`${table}, recorded histories`, new Map(corpora), edits);
  measure(`${table}, open runs`, new Map(corpora.map(([name, runs]) => [name, runs.flatMap(atRest)])), edits);
}
