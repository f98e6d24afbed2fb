import type { DataConverter } from '@temporalio/common';

/**
 * The retrieval of payloads that a history holds references to: `dataConverter.externalStorage` (SDK 1.22 and later).
 *
 * Relies on the form of a reference, JSON of `temporal.api.sdk.v1.ExternalStorageReference`, and on the replay worker taking any
 * object with the members of `ExternalStorage` (checked on 1.24.0). SDKs without it take references for payloads like others.
 * `test/sdk/external-storage.test.ts` fails when an upgrade changes them.
 */

export type ExternalStorage = NonNullable<DataConverter['externalStorage']>;
type StorageDriver = ExternalStorage['drivers'][number];
type Payload = Awaited<ReturnType<StorageDriver['retrieve']>>[number];

/** The type of the message that stands for a payload outside of the history. */
const REFERENCE_TYPE = 'temporal.api.sdk.v1.ExternalStorageReference';

/** Returns true for a payload that refers to one outside of the history. */
export const isReference = ({ metadata }: Payload): boolean =>
  metadata?.['messageType'] != null && Buffer.from(metadata['messageType']).toString() === REFERENCE_TYPE;

/** Returns the payloads with those in the place of references that the storage holds for them. */
export const retrieveReferences = (storage: ExternalStorage, payloads: Payload[]): Promise<Payload[]> =>
  Promise.all(payloads.map((payload) => (isReference(payload) ? retrieved(storage, payload) : payload)));

async function retrieved(storage: ExternalStorage, { data }: Payload): Promise<Payload> {
  const reference: { driverName?: string; claimData?: Record<string, string> } = JSON.parse(
    Buffer.from(data ?? []).toString(),
  );
  const { driverName = '', claimData = {} } = reference;
  const [payload] = (await storage.getDriver(driverName)?.retrieve({}, [{ claimData }])) ?? [];
  if (!payload) throw new Error(`the driver named '${driverName}' returned no payload`);
  return payload;
}

/**
 * Returns a storage that stores nothing and retrieves what `storage` does: each retrieval is run by `retrieve`, which also gets
 * the type of the driver. Without a driver of a reference's name, the retrieval fails.
 */
export function watchedStorage(
  storage: ExternalStorage | undefined,
  retrieve: <T>(retrieval: () => Promise<T>, driver: string | null) => Promise<T>,
): ExternalStorage {
  const driverFor = (name: string): StorageDriver => {
    const driver = storage?.getDriver(name) ?? null;
    return {
      name,
      type: driver?.type ?? 'none',
      store: () => Promise.reject(new Error('A replay stores nothing.')),
      retrieve: (context, claims) =>
        retrieve(async () => {
          if (!driver) throw new Error(missingDriver(name, storage));
          return driver.retrieve(context, claims);
        }, driver?.type ?? null),
    };
  };
  const members: Pick<ExternalStorage, 'drivers' | 'driverSelector' | 'payloadSizeThreshold' | 'getDriver'> =
    {
      drivers: storage?.drivers ?? [],
      driverSelector: () => null,
      payloadSizeThreshold: Infinity,
      getDriver: driverFor,
    };
  return members as ExternalStorage;
}

const missingDriver = (name: string, storage: ExternalStorage | undefined): string =>
  storage
    ? `externalStorage has no driver named '${name}'`
    : `there is no externalStorage with a driver named '${name}'`;
