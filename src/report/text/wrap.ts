import { partsOf, withoutOwnSequences } from './paint';
import { graphemesOf, widthOf } from './text-width';

/** Room that a line has at least beside its indentation. */
const MIN_ROOM = 8;

/** Matches a blank at which a line may end: not the one between a number and its unit. */
const BREAK = / (?!(?:s|ms|min)\b)/;

/** Returns the width of a line in columns; our own escape sequences take none. */
export const shownWidthOf = (line: string): number => widthOf(withoutOwnSequences(line));

/**
 * Returns a text as lines of at most `width` columns, broken between words. A word that is longer than a line is broken within. The
 * indentation of the text stays, and lines after the first begin with `hanging`. A text that fits is returned as it is.
 */
export function wrapped(text: string, width: number, hanging = ''): string[] {
  if (shownWidthOf(text) <= width) return [text];
  const indent = /^ */.exec(text)![0];
  const breaker = new LineBreaker(indent, Math.max(width, widthOf(hanging) + MIN_ROOM), hanging);
  for (const word of text.slice(indent.length).split(BREAK)) breaker.add(word);
  return breaker.end();
}

/** Fills lines with words. */
class LineBreaker {
  private readonly lines: string[] = [];
  private used: number;
  /** True while the line has no word. */
  private isEmpty = true;

  constructor(
    private line: string,
    private readonly width: number,
    private readonly hanging: string,
  ) {
    this.used = widthOf(line);
  }

  add(word: string): void {
    const size = shownWidthOf(word);
    if (!this.isEmpty && this.used + 1 + size > this.width) this.begin();
    if (!this.isEmpty) this.append(' ', 1);
    if (this.used + size <= this.width) this.append(word, size);
    else this.addBroken(word);
    this.isEmpty &&= size === 0;
  }

  end(): string[] {
    return [...this.lines, this.line];
  }

  private addBroken(word: string): void {
    for (const { text, isSequence } of partsOf(word)) {
      if (isSequence) this.append(text, 0);
      else
        for (const grapheme of graphemesOf(text)) {
          const size = widthOf(grapheme);
          if (this.used + size > this.width) this.begin();
          this.append(grapheme, size);
        }
    }
  }

  private append(text: string, size: number): void {
    this.line += text;
    this.used += size;
  }

  private begin(): void {
    this.lines.push(this.line);
    this.line = this.hanging;
    this.used = widthOf(this.hanging);
    this.isEmpty = true;
  }
}
