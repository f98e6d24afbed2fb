/** The oldest version of the Temporal SDK that is supported. `test/package/sdk-versions.test.ts` tests it. */
export const OLDEST_SDK = '1.9.3';

/** Versions with which packages of the SDK were first released, where that is later. */
export const FIRST_RELEASES: Readonly<Record<string, string>> = { '@temporalio/envconfig': '1.13.2' };

/** Returns true if one version of the SDK is older than another one. Pre-releases count as the release. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [numbersOf(version), numbersOf(than)];
  const index = left.findIndex((number, i) => number !== right[i]);
  return index !== -1 && left[index]! < right[index]!;
}

const numbersOf = (version: string): number[] =>
  [0, 1, 2].map((i) => Number.parseInt(version.split('.')[i] ?? '0', 10) || 0);
