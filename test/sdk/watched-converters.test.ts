import { ApplicationFailure, defaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { encodingsOf, watchConverters } from '../../src/sdk/watched-converters';
import { json } from '../helpers/history-builders';

const ENCRYPTED = { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('x') };

/** Returns a workflow with the SDK's own converters, and the messages of the errors that are reported of them. */
function watched(payloadConverter: object = defaultPayloadConverter) {
  const activator = { payloadConverter, failureConverter: defaultFailureConverter } as {
    payloadConverter: typeof defaultPayloadConverter;
    failureConverter: typeof defaultFailureConverter;
  };
  const errors: string[] = [];
  watchConverters({ activator }, (err) => void errors.push((err as Error).message));
  return { activator, errors };
}

describe('the converters of a watched workflow', () => {
  it('convert as before', () => {
    const { activator, errors } = watched();

    expect(activator.payloadConverter.fromPayload(json({ amount: 5 }))).toEqual({ amount: 5 });
    expect(activator.payloadConverter.toPayload(5).data).toBeDefined();
    expect(errors).toEqual([]);
  });

  it('report a payload that no converter takes, and throw the same error', () => {
    const { activator, errors } = watched();

    expect(() => activator.payloadConverter.fromPayload(ENCRYPTED)).toThrow('Unknown encoding');
    expect(errors).toEqual(['Unknown encoding: binary/encrypted']);
  });

  it('report the payload of a failure', () => {
    const { activator, errors } = watched();
    const applicationFailureInfo = { details: { payloads: [ENCRYPTED] } };

    expect(() =>
      activator.failureConverter.failureToError({ applicationFailureInfo }, activator.payloadConverter),
    ).toThrow('Unknown encoding');
    expect(errors[0]).toBe('Unknown encoding: binary/encrypted');
  });

  it('do not report a value of the code that cannot be encoded', () => {
    const { activator, errors } = watched();
    const failure = ApplicationFailure.create({ message: 'no', details: [1n] });

    expect(() => activator.payloadConverter.toPayload(1n)).toThrow();
    expect(() => activator.failureConverter.errorToFailure(failure, activator.payloadConverter)).toThrow();
    expect(errors).toEqual([]);
  });

  it('do not report a payload that only the type declared by the code does not fit', () => {
    const { activator, errors } = watched({
      fromPayload: (_: unknown, __: unknown, hint: unknown) => {
        if (hint !== undefined) throw new Error('no hint is supported');
        return 5;
      },
    });

    expect(() =>
      activator.payloadConverter.fromPayload(json(5), undefined, { converter: 'x' } as never),
    ).toThrow('no hint');
    expect(errors).toEqual([]);
  });

  it('tell the encodings that they decode', () => {
    expect(encodingsOf({ activator: { payloadConverter: defaultPayloadConverter } })).toEqual([
      'binary/null',
      'binary/plain',
      'json/plain',
    ]);
    expect(encodingsOf({ activator: { payloadConverter: {} } })).toBeNull();
  });
});
