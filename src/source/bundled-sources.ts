import { readTextFile } from '../util/read-text-file';
import { isOwnSource } from './own-source';
import { type Syntax, parseSource } from './parse';
import { sourcesInBundle } from './source-map';

/** The user's source files as they went into bundles: read from the bundles' source maps, else from disk. */
export class BundledSources {
  private readonly texts = new Map<string, string>();
  private readonly parsed = new Map<string, Syntax | null>();
  private loaded = false;

  constructor(private readonly bundlePaths: readonly string[]) {}

  /** Returns the text of a file, or null if it is neither in a bundle nor on disk. */
  textOf(file: string): string | null {
    this.load();
    const text = this.texts.get(file) ?? readTextFile(file);
    if (text !== null) this.texts.set(file, text);
    return text;
  }

  /** Returns a line of a file, counted from 1, or null if there is none. */
  lineOf(file: string, line: number): string | null {
    return this.textOf(file)?.split('\n')[line - 1] ?? null;
  }

  /** Returns the syntax tree of a file, or null if the file is not there or cannot be parsed. */
  syntaxOf(file: string): Syntax | null {
    const known = this.parsed.get(file);
    if (known !== undefined) return known;
    const text = this.textOf(file);
    const syntax = text === null ? null : parseSource(text, file);
    this.parsed.set(file, syntax);
    return syntax;
  }

  /** Returns the paths of the user's own files in the bundles. */
  files(): string[] {
    this.load();
    return [...this.texts.keys()];
  }

  private load(): void {
    if (this.loaded) return;
    this.loaded = true;
    for (const path of this.bundlePaths)
      for (const [file, text] of sourcesInBundle(path)) if (isOwnSource(file)) this.texts.set(file, text);
  }
}
