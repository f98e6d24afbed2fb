import type { BundledSources } from '../source/bundled-sources';

/** Returns the ids that a text gives to `patched()` or `deprecatePatch()`. */
export const patchIdsIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:patched|deprecatePatch)\(\s*['"`]([^'"`]+)['"`]/g)].map((match) => match[1]!);

/** Returns the ids that the sources give to `patched()` or `deprecatePatch()`. */
export const patchIdsOf = (sources: BundledSources): string[] =>
  sources.files().flatMap((file) => patchIdsIn(sources.textOf(file) ?? ''));
