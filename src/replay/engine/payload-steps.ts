import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { messageOf } from '../../errors';
import type { DecodingStep, UndecodedPayload } from '../../model/undecoded-payload';
import { type ExternalStorage, watchedStorage } from '../../sdk/external-storage';
import { withTimeLimit } from '../../util/time-limit';
import { OutsideCalls } from './outside-calls';

/**
 * Time for one call of a codec or a storage driver, which may ask a server. A call that does not end is a fault of that
 * server, while the time limit of the history would count against the code.
 */
const CALL_LIMIT_MS = 20_000;

/** Called with each payload that a step of the data converter could not decode. */
export type OnUndecoded = (payload: UndecodedPayload) => void;

/**
 * The steps of a data converter outside of the sandbox, which report each payload that they cannot decode. Nothing is encoded
 * or stored on replay: core compares no payloads, and a codec that cannot encode says nothing about the code.
 */
export class PayloadSteps {
  readonly payloadCodecs: PayloadCodec[];
  readonly externalStorage: ExternalStorage;
  private readonly ownsCalls: boolean;
  private readonly hasStorage: boolean;
  readonly outside: OutsideCalls;
  private onUndecoded: OnUndecoded = () => undefined;
  private readonly limitMs: number;

  /** @param outside the calls over the same history, whose owner resets them; without it, {@link begin} does */
  constructor(
    { payloadCodecs = [], externalStorage }: DataConverter,
    { limitMs = CALL_LIMIT_MS, outside }: { limitMs?: number; outside?: OutsideCalls | undefined } = {},
  ) {
    this.limitMs = limitMs;
    this.outside = outside ?? new OutsideCalls();
    this.ownsCalls = outside === undefined;
    this.hasStorage = externalStorage !== undefined;
    this.payloadCodecs = payloadCodecs.map((codec) => this.watchedCodec(codec));
    this.externalStorage = watchedStorage(externalStorage, (retrieval, driver) =>
      this.call(retrieval, 'storage', driver),
    );
  }

  /** Begins with the payloads of another history. */
  begin(onUndecoded: OnUndecoded): void {
    this.onUndecoded = onUndecoded;
    if (this.ownsCalls) this.outside.reset();
  }

  /** True if code of the service decodes payloads. */
  get areForeign(): boolean {
    return this.payloadCodecs.length > 0 || this.hasStorage;
  }

  private watchedCodec(codec: PayloadCodec): PayloadCodec {
    const decoded: PayloadCodec['decode'] = async (payloads, ...context) => {
      const answer: unknown = await codec.decode(payloads, ...context);
      if (!arePayloadsFor(payloads, answer))
        throw new TypeError('decode() did not return a list of payloads');
      return answer;
    };
    return {
      encode: (payloads) => Promise.resolve(payloads),
      decode: (...given) => this.call(() => decoded(...given), 'codec', classNameOf(codec)),
    };
  }

  private async call<T>(make: () => Promise<T>, step: DecodingStep, subject: string | null): Promise<T> {
    try {
      if (this.outside.unanswered) throw this.outside.unanswered;
      return await this.outside.during(() => this.limited(make()));
    } catch (err) {
      this.onUndecoded(undecoded(step, subject, err));
      throw err;
    }
  }

  private async limited<T>(made: Promise<T>): Promise<T> {
    let isAnswered = false;
    const settled = (): void => void (isAnswered = true);
    made.then(settled, settled);
    try {
      return await withTimeLimit(made, this.limitMs, 'Its answer');
    } catch (err) {
      if (!isAnswered) this.outside.unanswered = err as Error;
      throw err;
    }
  }
}

const arePayloadsFor = (
  encoded: readonly unknown[],
  decoded: unknown,
): decoded is Awaited<ReturnType<PayloadCodec['decode']>> =>
  Array.isArray(decoded) &&
  (decoded.length > 0 || encoded.length === 0) &&
  // `every` alone leaves out the holes of a list.
  Array.from(decoded).every(isPayload);

/** Reads the fields too, which may throw, so that this counts as an error of the codec. */
const isPayload = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null) return false;
  const { metadata, data } = value as { metadata?: unknown; data?: unknown };
  return isAbsentOrObject(metadata) && areBytes(data);
};

/** A decoded protobuf message without bytes has an empty array in their place. */
const areBytes = (data: unknown): boolean =>
  data == null || ArrayBuffer.isView(data) || (Array.isArray(data) && data.length === 0);

const isAbsentOrObject = (value: unknown): boolean => value == null || typeof value === 'object';

/** A codec may put the whole payload into its message. */
const MAX_LENGTH = 500;

/** Returns the description of a payload that could not be decoded, from the error that a step threw. */
export const undecoded = (step: DecodingStep, subject: string | null, err: unknown): UndecodedPayload => ({
  step,
  subject,
  errorType: errorTypeOf(err),
  message: shortened(messageOf(err)),
});

const shortened = (text: string): string =>
  text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;

/** Returns the class of an error of any realm. */
export function errorTypeOf(err: unknown): string | null {
  try {
    const { name } = (err ?? {}) as { name?: unknown };
    return typeof name === 'string' && name !== 'Error' ? name : null;
  } catch {
    return null;
  }
}

function classNameOf(codec: object): string | null {
  const { name } = codec.constructor ?? {};
  return name && name !== 'Object' ? name : null;
}
