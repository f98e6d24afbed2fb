/**
 * `validateHistory` against the real core: what it accepts settles there and is no internal error, and what it refuses as
 * panicking does make core wait for ever (if that changes with an SDK, a rule may go).
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { hasReplayableTask, validateHistory } from '../../../src/history/validate/validate';
import {
  clone,
  decodeOne,
  encode,
  fixtureHistory,
  fixtureJson,
  type History,
  type HistoryEvent,
  type Json,
} from '../../helpers/histories';

let directory: string;
let bundle: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'core-'));
  bundle = join(directory, 'bundle.js');
  const logger = new DefaultLogger('ERROR', () => undefined);
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, 'fixtures/workflows.ts'),
    logger,
  });
  writeFileSync(bundle, code);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const ANSWERS_WITHIN_MS = 120_000;

/**
 * Returns core's outcome of each history. It is null for a history that core has not answered when it has answered
 * none for `silenceMs`; the time before the first answer does not count.
 */
async function replayInCore(histories: History[], silenceMs = ANSWERS_WITHIN_MS): Promise<(string | null)[]> {
  const child = spawn(process.execPath, [join(__dirname, 'core-child.js'), bundle], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const outcomes = new Array<string | null>(histories.length).fill(null);
  let open = histories.length;
  await new Promise<void>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`core-child.js ended with code ${code}`)));
    child.stdin.on('error', () => undefined);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { id, outcome } = JSON.parse(line) as { id: number; outcome: string };
      outcomes[id] = outcome;
      open--;
      clearTimeout(timer);
      if (open === 0) resolve();
      else timer = setTimeout(resolve, silenceMs);
    });
    histories.forEach((history, id) => {
      const workflowId = history.events![0]?.workflowExecutionStartedEventAttributes?.workflowId || 'w';
      child.stdin.write(
        `${JSON.stringify({ id, workflowId, history: encode(history).toString('base64') })}\n`,
      );
    });
  });
  child.kill('SIGKILL');
  return outcomes;
}

function edit(name: string, change: (events: HistoryEvent[]) => HistoryEvent[] | void): History {
  const history = clone(fixtureHistory(name));
  return { events: change(history.events) ?? history.events };
}

/** The JSON of a recorded history with a change, decoded by us. */
function editJson(name: string, change: (events: Json[]) => void): History {
  const json = fixtureJson(name);
  change(json.events);
  return decodeOne(JSON.stringify(json));
}

const failures = (count: number): object =>
  count > 1 ? { message: 'x', cause: failures(count - 1) } : { message: 'x' };

test('core replays the histories that validateHistory accepts', async () => {
  const accepted: Record<string, History> = {
    ...Object.fromEntries(
      ['everything', 'cancelled', 'reset', 'options', 'terminated', 'open'].map((name) => [
        name,
        fixtureHistory(name),
      ]),
    ),
    'a result without payloads': editJson('everything', (events) => {
      events[29]!['activityTaskCompletedEventAttributes'].result = { payloads: [] };
    }),
    'a child result without payloads': editJson('everything', (events) => {
      events[49]!['childWorkflowExecutionCompletedEventAttributes'].result = {};
    }),
    'an event type from the future that may be ignored': edit('options', (events) => {
      events[5]!.eventType = 9999 as never;
      delete events[5]!.workflowExecutionOptionsUpdatedEventAttributes;
    }),
    'a chain of 90 failures': editJson('everything', (events) => {
      events[35]!['activityTaskFailedEventAttributes'].failure = failures(89);
    }),
    'a task that timed out before it was started': edit('reset', (events) => {
      events[2] = {
        eventId: events[2]!.eventId,
        eventTime: events[2]!.eventTime,
        eventType: 8,
        workflowTaskTimedOutEventAttributes: { scheduledEventId: events[1]!.eventId },
      };
      return renumber(events.filter((_, i) => i !== 3));
    }),
    'ends with a started task': edit('everything', (events) => events.slice(0, 32)),
    'ends with a scheduled task': edit('everything', (events) => events.slice(0, 31)),
    'ends with a completed task': edit('everything', (events) => events.slice(0, 33)),
    'ends in the middle of commands': edit('everything', (events) => events.slice(0, 7)),
  };
  const names = Object.keys(accepted);
  expect(names.filter((name) => validateHistory(accepted[name]!) !== null)).toEqual([]);
  expect(names.filter((name) => !hasReplayableTask(accepted[name]!))).toEqual([]);
  const outcomes = await replayInCore(Object.values(accepted));
  expect(Object.fromEntries(names.map((name, i) => [name, outcomes[i]]))).toEqual(
    Object.fromEntries(names.map((name) => [name, 'ok'])),
  );
});

/** Makes ids and references consecutive again after an event was taken out. */
function renumber(events: HistoryEvent[]): HistoryEvent[] {
  const Long = events[0]!.eventId!.constructor as unknown as { fromNumber(value: number): Long };
  const ids = new Map(events.map((event, i) => [Number(event.eventId), i + 1]));
  for (const event of events) {
    event.eventId = Long.fromNumber(ids.get(Number(event.eventId))!);
    const attributes = Object.entries(event).find(([key]) => key.endsWith('EventAttributes'))?.[1] as Record<
      string,
      unknown
    >;
    for (const key of ['scheduledEventId', 'startedEventId', 'initiatedEventId', 'acceptedEventId']) {
      if (Number(attributes[key])) attributes[key] = Long.fromNumber(ids.get(Number(attributes[key])) ?? 0);
    }
  }
  return events;
}
type Long = NonNullable<HistoryEvent['eventId']>;

test('core settles every accepted history with a single change, without an internal error', async () => {
  const base = fixtureHistory('everything');
  const changes: History[] = [];
  for (let i = 0; i < base.events!.length; i++) {
    changes.push(edit('everything', (events) => renumber(events.filter((_, k) => k !== i))));
    changes.push(
      edit('everything', (events) => {
        const [a, b] = [events[i]!, events[i + 1]];
        if (b) events.splice(i, 2, b, a);
        return renumber(events);
      }),
    );
    if (i % 3 === 0) changes.push(edit('everything', (events) => events.slice(0, i + 1)));
  }
  const accepted = changes.filter(
    (history) => validateHistory(history) === null && hasReplayableTask(history),
  );
  expect(accepted.length).toBeGreaterThan(40);
  const outcomes = await replayInCore(accepted);
  expect(
    outcomes.filter((outcome) => outcome === null || /Code: (FATAL|absent)|^threw/.test(outcome)),
  ).toEqual([]);
});

test('core waits for ever on histories that are refused for that reason', async () => {
  const start = (events: HistoryEvent[]): Record<string, unknown> =>
    events[0]!.workflowExecutionStartedEventAttributes as never;
  const hanging: Record<string, History> = {
    NO_TASK_QUEUE: edit('open', (events) => void delete start(events)['taskQueue']),
    NO_WORKFLOW_TYPE: edit('open', (events) => void delete start(events)['workflowType']),
    MISSING_ATTRIBUTES: edit(
      'open',
      (events) => void delete events[0]!.workflowExecutionStartedEventAttributes,
    ),
    WRONG_FIRST_EVENT: edit('open', (events) => events.slice(1)),
    BAD_SEQUENCE: edit('open', (events) => renumber(events.filter((_, i) => i !== 3))),
    TOO_DEEP: edit(
      'everything',
      (events) => void (events[35]!.activityTaskFailedEventAttributes!.failure = failures(97)),
    ),
  };
  for (const [code, history] of Object.entries(hanging)) expect(validateHistory(history)?.code).toBe(code);
  // Valid, but nothing to replay: the caller must not give it to core either.
  const delayed = fixtureHistory('delayed');
  expect([validateHistory(delayed), hasReplayableTask(delayed)]).toEqual([null, false]);
  const outcomes = await replayInCore([...Object.values(hanging), delayed, fixtureHistory('open')], 2500);
  expect(outcomes).toEqual([...Object.keys(hanging).map(() => null), null, 'ok']);
});
