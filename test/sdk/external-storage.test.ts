import { isReferencePayload } from '@temporalio/common/lib/internal-non-workflow/extstore-helpers';
import { ExternalStorage } from '@temporalio/common/lib/converter/extstore';
import { isReference, retrieveReferences, watchedStorage } from '../../src/sdk/external-storage';
import { json } from '../helpers/history-builders';

const reference = (driverName: string, key: string) => ({
  metadata: {
    encoding: Buffer.from('json/protobuf'),
    messageType: Buffer.from('temporal.api.sdk.v1.ExternalStorageReference'),
  },
  data: Buffer.from(JSON.stringify({ driverName, claimData: { key } })),
});

const storage = new ExternalStorage({
  drivers: [
    {
      name: 'disk',
      type: 'test.disk',
      store: () => Promise.reject(new Error('unused')),
      retrieve: (_, claims) => Promise.resolve(claims.map(({ claimData }) => json(claimData['key']))),
    },
  ],
});

/** Returns a watched storage, and the types of the drivers that its retrievals went to. */
function watched(given: ExternalStorage | undefined) {
  const drivers: (string | null)[] = [];
  const storageOfReplay = watchedStorage(given, (retrieval, driver) => {
    drivers.push(driver);
    return retrieval();
  });
  return { storageOfReplay, drivers };
}

describe('the external storage of a replay', () => {
  it('retrieves what references stand for, by the driver of their name', async () => {
    const { storageOfReplay, drivers } = watched(storage);

    const payloads = await retrieveReferences(storageOfReplay, [json(1), reference('disk', 'a')]);

    expect(payloads).toEqual([json(1), json('a')]);
    expect(drivers).toEqual(['test.disk']);
  });

  it.each([
    ['another driver', storage, 'externalStorage has no driver named'],
    ['no external storage', undefined, 'there is no externalStorage with a driver named'],
  ])('fails where there is %s', async (_, given, message) => {
    const { storageOfReplay, drivers } = watched(given);

    await expect(retrieveReferences(storageOfReplay, [reference('s3', 'a')])).rejects.toThrow(message);
    expect(drivers).toEqual([null]);
  });

  it('knows a reference from a payload, as the SDK does', () => {
    const payloads = [reference('s3', 'a'), json(1)];

    expect(payloads.map(isReference)).toEqual([true, false]);
    expect(payloads.map((payload) => isReferencePayload(payload))).toEqual([true, false]);
  });

  it('stores nothing', () => {
    const { storageOfReplay } = watched(storage);

    expect(storageOfReplay.driverSelector({}, json(1))).toBeNull();
  });
});
