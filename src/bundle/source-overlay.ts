import { createHash } from 'node:crypto';
import type { OverlayOptions } from './overlay-loader';

/** Texts that stand in for those of source files while code is bundled. The files themselves are not changed. */
export interface SourceOverlay {
  /** The texts, by the absolute paths of their files. */
  texts: ReadonlyMap<string, string>;
  /** Directory for the bundles, which are of no use to later runs. */
  bundleDir: string;
}

/**
 * A webpack rule that replaces the texts of files. The hash of the text is part of the module's identity, so that a module
 * that was compiled from another text is not taken for this one.
 */
export const overlayRule = ({ texts }: SourceOverlay): object => ({
  enforce: 'pre',
  test: (path: string) => texts.has(path),
  use: ({ resource }: { resource: string }) => {
    const text = texts.get(resource)!;
    const options: OverlayOptions = { text };
    // Without an ident of the loader itself, webpack gives the same one to all.
    const ident = createHash('sha256').update(text).digest('hex');
    return [{ loader: require.resolve('./overlay-loader'), options, ident }];
  },
});
