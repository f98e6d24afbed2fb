import { readTextFile } from '../util/read-text-file';

const COMMENT = '//# sourceMappingURL=data:';

export interface SourceMap {
  sources?: string[];
  sourcesContent?: (string | null)[];
}

/** Returns path and text of the sources in a bundle's inline source map; empty if the bundle has no such map. */
export function sourcesInBundle(bundlePath: string): [file: string, text: string][] {
  const { sources = [], sourcesContent = [] } = readInlineSourceMap(bundlePath) ?? {};
  return sources.flatMap((file, i): [string, string][] => {
    const text = sourcesContent[i];
    return typeof text === 'string' ? [[file, text]] : [];
  });
}

/** Returns the inline source map of a bundle; null if the bundle cannot be read or has no valid map. */
export const readInlineSourceMap = (bundlePath: string): SourceMap | null =>
  inlineSourceMapOf(readTextFile(bundlePath) ?? '');

/** Returns the inline source map of a bundle's code; null if it has no valid map. */
export function inlineSourceMapOf(code: string): SourceMap | null {
  const comment = code.lastIndexOf(COMMENT);
  if (comment === -1) return null;
  const data = code.slice(code.indexOf('base64,', comment) + 'base64,'.length).trim();
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString()) as SourceMap;
  } catch {
    return null;
  }
}
