import { inspect } from 'node:util';
import type { PayloadConverter } from '@temporalio/common';
import { messageOf } from '../errors';
import type { UndecodedPayload } from '../model/undecoded-payload';
import { checkConverter } from '../sdk/check-converter';
import { isReference } from '../sdk/external-storage';
import { loadConverterModule } from '../sdk/load-data-converter';
import { type Event, type History, eventIdOf } from '../temporal/event';
import { type HistoryIdentity, type IdHint, identityOf } from '../temporal/identity';
import { payloadSlotsOf } from '../temporal/payload-slots';
import { type Payload, encodingOf, payloadValueOf } from '../temporal/payload-value';
import { configuredWorker } from '../worker-options/configured-worker';
import type { WorkerSource } from '../worker-options/worker-source';
import { decodedEvents } from './engine/decoded-events';
import { PayloadSteps, errorTypeOf } from './engine/payload-steps';
import { retrievedEvents } from './engine/retrieved-events';
import { projectsOfHistory } from './projects-of-history';

/** Encodings of the SDK's own payload converter, whose values need no converter of the service to be shown. */
const PLAIN_ENCODINGS = new Set(['json/plain', 'json/protobuf', 'binary/null', 'binary/plain']);
const DEFAULT_NAMESPACE = 'default';

/** The events of a history as they can be shown. */
export interface ReadableHistory {
  events: readonly Event[];
  /** Returns the value of a payload of these events. */
  readPayload(payload: Payload | undefined): unknown;
  /** A sentence for each event with a payload that the service's own code could not decode. */
  problems: string[];
}

/** The part of a worker that makes values of payloads. */
interface Converters {
  namespace: string | null;
  steps: PayloadSteps;
  payloadConverter: PayloadConverter | null;
}

/**
 * Decodes the payloads of histories with the external storage, the codecs and the payload converter of the service. The modules of
 * the service are loaded only if a history has a payload that the SDK's default converter has not made.
 */
export class PayloadReader {
  private projects: Promise<readonly WorkerSource[]> | null = null;
  private readonly converters = new Map<WorkerSource, Promise<Converters>>();

  /** @param load returns the workers that may have run the histories; none if values are to be shown as they are stored */
  constructor(private readonly load: () => Promise<readonly WorkerSource[]>) {}

  /** @throws WORKER_OPTIONS, CONVERTER_INVALID */
  async read(decoded: IdHint & { history: History }): Promise<ReadableHistory> {
    const events = decoded.history.events ?? [];
    const identity = identityOf(decoded.history, decoded);
    const plain: ReadableHistory = { events, readPayload: payloadValueOf, problems: [] };
    if (!events.some(needsConverter)) return plain;
    this.projects ??= this.load();
    let best = plain;
    for (const project of projectsOfHistory(await this.projects, identity)) {
      const readable = await readWith(await this.convertersOf(project), events, identity);
      if (best === plain || readable.problems.length < best.problems.length) best = readable;
      if (best.problems.length === 0) break;
    }
    return best;
  }

  private convertersOf(project: WorkerSource): Promise<Converters> {
    const known = this.converters.get(project) ?? convertersOf(project);
    this.converters.set(project, known);
    return known;
  }
}

const needsConverter = (event: Event): boolean =>
  payloadSlotsOf(event).some(({ payloads }) =>
    payloads.some((payload) => isReference(payload) || !PLAIN_ENCODINGS.has(encodingOf(payload))),
  );

async function convertersOf(project: WorkerSource): Promise<Converters> {
  const { dataConverter, payloadConverterPath, namespace } = await configuredWorker(project);
  return {
    namespace,
    steps: new PayloadSteps(dataConverter),
    payloadConverter: payloadConverterPath === null ? null : await loadPayloadConverter(payloadConverterPath),
  };
}

async function loadPayloadConverter(path: string): Promise<PayloadConverter> {
  await checkConverter(path, 'payloadConverter');
  return (await loadConverterModule(path, 'payload converter'))['payloadConverter'] as PayloadConverter;
}

async function readWith(
  { namespace, steps, payloadConverter }: Converters,
  events: readonly Event[],
  { workflowId, namespace: ofHistory }: HistoryIdentity,
): Promise<ReadableHistory> {
  const retrieved = await retrievedEvents(events, steps);
  const decoded = await decodedEvents(retrieved.events, steps, {
    namespace: namespace ?? ofHistory ?? DEFAULT_NAMESPACE,
    workflowId: workflowId ?? 'unknown',
  });
  const undecoded = [...retrieved.undecoded, ...decoded.undecoded];
  const problems = undecoded.map(([eventId, payload]) => `event ${eventId}: ${problemText(payload)}`);
  if (payloadConverter === null) return { events: decoded.events, readPayload: payloadValueOf, problems };
  const values = new ConvertedValues(payloadConverter);
  const failed = new Set(undecoded.map(([eventId]) => eventId));
  return {
    events: decoded.events,
    readPayload: (payload) => values.of(payload),
    problems: [
      ...problems,
      ...decoded.events
        .filter((event) => !failed.has(eventIdOf(event)))
        .flatMap((event) => values.problemOf(event) ?? []),
    ],
  };
}

const STEPS = {
  storage: 'The external storage',
  codec: 'The payload codec',
  converter: 'The payload converter',
};

const problemText = ({ step, subject, errorType, message }: UndecodedPayload): string =>
  `${STEPS[step]}${subject === null ? '' : ` ${subject}`} cannot decode a value: ${errorType === null ? '' : `${errorType}: `}${message}`;

/** Values that the payload converter of the service has made, each once. */
class ConvertedValues {
  private readonly known = new Map<Payload, { value: unknown; problem: string | null }>();

  constructor(private readonly converter: PayloadConverter) {}

  of = (payload: Payload | undefined): unknown =>
    payload === undefined ? undefined : this.converted(payload).value;

  /** Returns the first problem that the converter has with a payload of an event; null if there is none. */
  problemOf(event: Event): string | null {
    const problems = payloadSlotsOf(event).flatMap(({ payloads }) =>
      payloads.flatMap((payload) => this.converted(payload).problem ?? []),
    );
    return problems[0] === undefined ? null : `event ${eventIdOf(event)}: ${problems[0]}`;
  }

  private converted(payload: Payload): { value: unknown; problem: string | null } {
    const known = this.known.get(payload) ?? this.convert(payload);
    this.known.set(payload, known);
    return known;
  }

  private convert(payload: Payload): { value: unknown; problem: string | null } {
    // The SDK's own encodings are shown as they are stored, without classes that a converter may make of them.
    if (PLAIN_ENCODINGS.has(encodingOf(payload))) return { value: payloadValueOf(payload), problem: null };
    try {
      return { value: plainValue(this.converter.fromPayload(payload)), problem: null };
    } catch (err) {
      const undecoded = { errorType: errorTypeOf(err), message: messageOf(err) };
      const problem = problemText({ step: 'converter', subject: null, ...undecoded });
      return { value: payloadValueOf(payload), problem };
    }
  }
}

/** Returns a value that JSON can hold: the value itself, or a description of what JSON cannot hold. */
function plainValue(value: unknown): unknown {
  if (value === undefined) return undefined;
  try {
    const text = JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? `${one}n` : one));
    return text === undefined ? inspect(value) : (JSON.parse(text) as unknown);
  } catch {
    return inspect(value, { depth: 4, breakLength: Infinity });
  }
}
