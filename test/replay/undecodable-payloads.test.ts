import type { DataConverter } from '@temporalio/common';
import { undecodablePayloads } from '../../src/replay/undecodable-payloads';
import { fixtureHistory } from '../helpers/histories';

const { events } = fixtureHistory('everything');
const WORKFLOW = { namespace: 'default', workflowId: 'w' };
const undecodable = (dataConverter: DataConverter) =>
  undecodablePayloads(events!, { settings: { dataConverter } }, WORKFLOW);

describe('the undecodable payloads of a history', () => {
  it('are none with codecs that decode them all', async () => {
    expect(
      await undecodable({ payloadCodecs: [{ encode: async (all) => all, decode: async (all) => all }] }),
    ).toEqual([]);
  });

  it('are named by event, each with the error of the codec', async () => {
    const decode = async (): Promise<never> => {
      throw new Error('wrong key');
    };

    const found = await undecodable({ payloadCodecs: [{ encode: async (all) => all, decode }] });

    expect(found.length).toBeGreaterThan(5);
    expect(found[0]).toEqual({
      eventId: 1,
      payload: { step: 'codec', subject: null, errorType: null, message: 'wrong key' },
    });
    expect(found.map(({ eventId }) => eventId)).toEqual(
      found.map(({ eventId }) => eventId).sort((a, b) => a - b),
    );
  });

  it('are references to external storage that the data converter does not have', async () => {
    const reference = {
      metadata: {
        encoding: Buffer.from('json/protobuf'),
        messageType: Buffer.from('temporal.api.sdk.v1.ExternalStorageReference'),
      },
      data: Buffer.from(JSON.stringify({ driverName: 's3', claimData: {} })),
    };
    const [started] = events!;
    const stored = {
      ...started,
      workflowExecutionStartedEventAttributes: {
        ...started!.workflowExecutionStartedEventAttributes,
        input: { payloads: [reference] },
      },
    };

    const found = await undecodablePayloads([stored], { settings: {} }, WORKFLOW);

    expect(found).toMatchObject([{ eventId: 1, payload: { step: 'storage', subject: null } }]);
  });
});
