import { readTextFile } from '../util/read-text-file';

const COMMENT = '//# sourceMappingURL=data:';

interface SourceMap {
  sources?: string[];
  sourcesContent?: (string | null)[];
}

/** Returns path and text of the sources in a bundle's inline source map; empty if the bundle has no such map. */
export function sourcesInBundle(bundlePath: string): [file: string, text: string][] {
  const { sources = [], sourcesContent = [] } = inlineSourceMap(readTextFile(bundlePath) ?? '');
  return sources.flatMap((file, i): [string, string][] => {
    const text = sourcesContent[i];
    return typeof text === 'string' ? [[file, text]] : [];
  });
}

function inlineSourceMap(code: string): SourceMap {
  const comment = code.lastIndexOf(COMMENT);
  if (comment === -1) return {};
  const data = code.slice(code.indexOf('base64,', comment) + 'base64,'.length).trim();
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString()) as SourceMap;
  } catch {
    return {};
  }
}
