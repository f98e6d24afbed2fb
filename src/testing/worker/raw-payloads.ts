import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import type { FailureConverter, Payload, PayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';

/**
 * Converters for activities that run in the test file's process: payloads and failures pass through unchanged, and the test file's
 * process converts them, so that values belong to its own realm and classes. The SDK loads this module by path.
 */

type Failure = temporal.api.failure.v1.IFailure;

/** A payload that is not converted. */
export class RawPayload {
  constructor(readonly payload: Payload) {}
}

/** A failure that the test file's process has encoded. */
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
