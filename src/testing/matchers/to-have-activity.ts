import {
  defaultFailureConverter,
  defaultPayloadConverter,
  type LoadedDataConverter,
} from '@temporalio/common';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { Event } from '../../temporal/event';
import { localActivityMarkerOf } from '../../temporal/markers';
import { type OwningWorkflow, serializationContextOf } from '../../temporal/serialization-context';
import { answer, listed } from './answer';
import type { HistoryMatcher } from './matcher';
import { readSubject } from './subject';

export interface ActivityExpectation {
  /** Number of calls of the activity, without retries. @default at least one */
  times?: number;
  /**
   * Input of a call: an array is the list of arguments, any other value the only argument. Asymmetric matchers such as
   * `expect.objectContaining` work.
   */
  input?: unknown;
}

interface ActivityCall {
  type: string;
  /** Arguments of the call; null for a local activity, because histories do not record its input. */
  input: unknown[] | null;
}

const SDK_CONVERTER: LoadedDataConverter = {
  payloadConverter: defaultPayloadConverter,
  failureConverter: defaultFailureConverter,
  payloadCodecs: [],
};

/** Passes if the workflow called an activity, with the expected input and number of calls. */
export const toHaveActivity: HistoryMatcher = async function (
  received,
  type: string,
  expectation: ActivityExpectation = {},
) {
  const subject = await readSubject(received);
  const converter = subject.environment?.dataConverter ?? SDK_CONVERTER;
  const namespace = subject.environment?.client.options.namespace ?? 'default';
  const workflow = { namespace, workflowId: subject.workflowId ?? '' };
  const calls = await callsIn(subject.history.events ?? [], converter, workflow);
  const { times } = expectation;
  const input = argumentsOf(expectation);
  const matching = calls.filter(
    (call) => call.type === type && (input === null || this.equals(call.input, input)),
  );
  const pass = times === undefined ? matching.length > 0 : matching.length === times;
  const count = times === undefined ? '' : `${times} ${times === 1 ? 'call' : 'calls'} of `;
  const shown = (values: unknown[]): string =>
    values.map((value) => this.utils.stringify(value).replace(/\n\s*/g, ' ')).join(', ');
  const withInput = input === null ? '' : ` with input ${shown(input)}`;
  return answer(this, subject, {
    pass,
    expected: `${count}the activity ${type}${withInput}`,
    found: listed(
      calls.map((call) => `  ${call.type}(${call.input === null ? 'local' : shown(call.input)})`),
      'It called no activity.',
    ).replace(/^(?= {2})/, 'It called:\n'),
  });
};

async function callsIn(
  events: readonly Event[],
  converter: LoadedDataConverter,
  workflow: OwningWorkflow,
): Promise<ActivityCall[]> {
  const calls: ActivityCall[] = [];
  for (const event of events) {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const local = localActivityMarkerOf(event);
    if (scheduled) {
      const context = serializationContextOf(event, () => undefined, workflow);
      const input = await decodeArrayFromPayloads(converter, scheduled.input?.payloads, context);
      calls.push({ type: scheduled.activityType?.name ?? '', input });
    } else if (local) calls.push({ type: local.activityType, input: null });
  }
  return calls;
}

const argumentsOf = ({ input }: ActivityExpectation): unknown[] | null =>
  input === undefined ? null : Array.isArray(input) ? input : [input];
