import type { PayloadCodec } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import type { UndecodedPayload } from '../../../src/model/undecoded-payload';
import { PayloadSteps } from '../../../src/replay/engine/payload-steps';
import { json } from '../../helpers/history-builders';

const encode: PayloadCodec['encode'] = () => Promise.reject(new Error('no key'));

/** Returns the only codec of steps with `decode`, and everything that they report. */
function codecWith(decode: PayloadCodec['decode'], limitMs?: number) {
  const steps = new PayloadSteps({ payloadCodecs: [{ encode, decode }] }, { limitMs });
  const reported: UndecodedPayload[] = [];
  steps.begin((payload) => void reported.push(payload));
  return { steps, codec: steps.payloadCodecs[0]!, reported };
}

describe('the payload codecs of a replay', () => {
  it('decode as the given ones, with the context', async () => {
    const { codec, reported } = codecWith((payloads, context) =>
      Promise.resolve([...payloads, context] as never),
    );
    const context = { type: 'workflow', namespace: 'n', workflowId: 'w' } as const;

    expect(await codec.decode([json(1)], context)).toEqual([json(1), context]);
    expect(reported).toEqual([]);
  });

  it('may decode to a payload without bytes, as protobuf reads that of undefined', async () => {
    const { Payload } = temporal.api.common.v1;
    const empty = Payload.decode(
      Payload.encode({ metadata: { encoding: Buffer.from('binary/null') } }).finish(),
    );
    const { codec, reported } = codecWith(() => Promise.resolve([empty]));

    expect(await codec.decode([json(1)])).toEqual([empty]);
    expect(reported).toEqual([]);
  });

  it('encode nothing, since core compares no payloads', async () => {
    const { codec } = codecWith((payloads) => Promise.resolve(payloads));

    expect(await codec.encode([json(1)])).toEqual([json(1)]);
  });

  it.each([
    ['rejects', () => Promise.reject(new RangeError('wrong key')), 'RangeError', 'wrong key'],
    [
      'throws',
      () => {
        throw new Error('wrong key');
      },
      null,
      'wrong key',
    ],
    ['throws null', () => Promise.reject(null as never), null, 'null'],
    [
      'returns no list',
      () => Promise.resolve(undefined as never),
      'TypeError',
      'decode() did not return a list of payloads',
    ],
  ] as const)('report a codec that %s', async (_, decode, errorType, message) => {
    const { codec, reported } = codecWith(decode);

    await expect(codec.decode([json(1)]))
      .rejects.toBeDefined()
      .catch(() => undefined);

    expect(reported).toEqual([{ step: 'codec', subject: null, errorType, message }]);
  });

  it('shorten a message that holds the payload', async () => {
    const { codec, reported } = codecWith(() => Promise.reject(new Error('x'.repeat(10_000))));

    await codec.decode([json(1)]).catch(() => undefined);

    expect(reported[0]!.message).toHaveLength(500);
  });

  it('wait once in a history for a codec that never answers', async () => {
    let calls = 0;
    const { steps, codec, reported } = codecWith(() => {
      calls++;
      return new Promise(() => undefined);
    }, 10);

    await expect(codec.decode([json(1)])).rejects.toThrow('Its answer was not ready after 0.01 s');
    await expect(codec.decode([json(2)])).rejects.toThrow('Its answer was not ready');

    expect([calls, reported.length]).toEqual([1, 2]);
    steps.begin(() => undefined);
    await expect(codec.decode([json(3)])).rejects.toThrow();
    expect(calls).toBe(2);
  });
});
