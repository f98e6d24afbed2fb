import { readFileSync } from 'node:fs';
import { type ParseResult, parse } from '@babel/parser';
import type { File } from '@babel/types';
import { isOwnSource } from './own-source';

/** The user's source files, as they went into the bundles: read from their source maps, else from disk. */
export class BundledSources {
  private readonly bundled = new Map<string, string>();
  private readonly parsed = new Map<string, ParseResult<File> | null>();
  private loaded = false;

  constructor(private readonly bundlePaths: readonly string[]) {}

  /** Null where the file is nowhere to be had. */
  textOf(file: string): string | null {
    this.load();
    const known = this.bundled.get(file);
    if (known !== undefined) return known;
    try {
      const text = readFileSync(file, 'utf8');
      this.bundled.set(file, text);
      return text;
    } catch {
      return null;
    }
  }

  lineOf(file: string, line: number): string | null {
    return this.textOf(file)?.split('\n')[line - 1] ?? null;
  }

  /** Null where it isn't there or can't be parsed. */
  syntaxOf(file: string): ParseResult<File> | null {
    const known = this.parsed.get(file);
    if (known !== undefined) return known;
    const text = this.textOf(file);
    const syntax = text === null ? null : parseModule(text, file);
    this.parsed.set(file, syntax);
    return syntax;
  }

  /** The user's own files in the bundles. */
  files(): string[] {
    this.load();
    return [...this.bundled.keys()];
  }

  private load(): void {
    if (this.loaded) return;
    this.loaded = true;
    for (const path of this.bundlePaths)
      for (const [file, text] of sourcesIn(path)) if (isOwnSource(file)) this.bundled.set(file, text);
  }
}

/** The sources of a bundle's inline source map, by path. */
function sourcesIn(bundlePath: string): [string, string][] {
  try {
    const code = readFileSync(bundlePath, 'utf8');
    const comment = code.lastIndexOf('//# sourceMappingURL=data:');
    const data = code.slice(code.indexOf('base64,', comment) + 'base64,'.length).trim();
    const map = JSON.parse(Buffer.from(data, 'base64').toString()) as {
      sources?: string[];
      sourcesContent?: (string | null)[];
    };
    return (map.sources ?? []).flatMap((file, i): [string, string][] => {
      const text = map.sourcesContent?.[i];
      return typeof text === 'string' ? [[file, text]] : [];
    });
  } catch {
    return [];
  }
}

/** Null for what can't be parsed at all. */
export function parseModule(text: string, file: string): ParseResult<File> | null {
  try {
    const isTypeScript = /\.[cm]?tsx?$/.test(file);
    return parse(text, {
      sourceType: 'unambiguous',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      plugins: [
        ...(isTypeScript ? (['typescript', 'decorators'] as const) : (['decorators'] as const)),
        ...(/x$/.test(file) || !isTypeScript ? (['jsx'] as const) : []),
      ],
    });
  } catch {
    return null;
  }
}
