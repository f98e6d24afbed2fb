import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { FailureConverter, Payload, PayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

/**
 * The converters of a test worker's activities, which run elsewhere: payloads and failures pass through as they are, and
 * the test's process converts them, so that values are of its own realm and classes. The SDK loads this module by path.
 */

type Failure = temporal.api.failure.v1.IFailure;

/** A payload that nobody has converted. */
export class RawPayload {
  constructor(readonly payload: Payload) {}
}

/** A failure that the test's process has encoded. */
export class ForwardedFailure extends ApplicationFailure {
  constructor(readonly encoded: Failure) {
    super(encoded.message ?? undefined);
  }
}

export const payloadConverter: PayloadConverter = {
  toPayload: (value) =>
    value instanceof RawPayload ? value.payload : defaultPayloadConverter.toPayload(value),
  fromPayload: <T>(payload: Payload) => new RawPayload(payload) as T,
};

export const failureConverter: FailureConverter = {
  errorToFailure: (err) =>
    err instanceof ForwardedFailure
      ? err.encoded
      : defaultFailureConverter.errorToFailure(err, defaultPayloadConverter),
  failureToError: (failure) => defaultFailureConverter.failureToError(failure, defaultPayloadConverter),
};
