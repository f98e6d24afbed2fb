/** Turns bytes into text, and text into JSON values. */
import { ProblemError } from './problem';

/** Returns the text of a file: UTF-8 with or without BOM, or UTF-16 (which PowerShell's `>` writes). */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  // UTF-16 without BOM: every second byte of the first characters of JSON is 0.
  if (bytes.length > 3 && bytes[0] !== 0 && bytes[1] === 0 && bytes[3] === 0)
    return new TextDecoder('utf-16le').decode(bytes);
  if (bytes.length > 3 && bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0)
    return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/** Returns true if the bytes are text: the first ones hold none of the control characters of a binary history. */
export function looksLikeText(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  if (bytes.length > 3 && ((bytes[1] === 0 && bytes[3] === 0) || (bytes[0] === 0 && bytes[2] === 0)))
    return true;
  for (let i = 0; i < Math.min(bytes.length, 64); i++) {
    const byte = bytes[i]!;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) return false;
  }
  return true;
}

export type JsonValue = { value: unknown } | { error: ProblemError };

/**
 * Yields every JSON value of a text: one, or several in a row (NDJSON, or files joined with `cat`). After a value that can't be
 * read, continues at the next line that starts one.
 */
export function* parseJsonValues(text: string): Generator<JsonValue> {
  let whole: unknown;
  try {
    whole = JSON.parse(text);
  } catch {
    yield* parseSeveral(text);
    return;
  }
  yield { value: whole };
}

function* parseSeveral(text: string): Generator<JsonValue> {
  let position = skipSpace(text, 0);
  while (position < text.length) {
    const scanned = scanValue(text, position);
    if ('end' in scanned) {
      try {
        yield { value: JSON.parse(text.slice(position, scanned.end)) };
      } catch {
        // JSON.parse refuses more than the scanner, and does not tell the place.
        yield { error: notJson(text, position, 'is not valid JSON') };
      }
      position = skipSpace(text, scanned.end);
      continue;
    }
    yield { error: scanned.error };
    const next = /\n[{[]/g;
    next.lastIndex = Math.max(scanned.at - 1, position + 1);
    const found = next.exec(text);
    if (!found) return;
    position = found.index + 1;
  }
}

type Scanned = { end: number } | { error: ProblemError; at: number };

/** Finds the end of the JSON value that starts at `start`, or the place of its first error. */
function scanValue(text: string, start: number): Scanned {
  const closers: string[] = [];
  let at = start;
  /** The part that can come next: a value, a key (or the end of the object), or what follows a value. */
  let want: 'value' | 'first' | 'key' | 'after' = 'value';
  const fail = (what: string): Scanned => ({ error: notJson(text, at, what), at });
  const cut = (): Scanned => ({
    error: new ProblemError(
      'TRUNCATED',
      `the JSON ends in the middle of a value (at ${lineAndColumn(text, text.length)}): the file was cut off. Download it again.`,
    ),
    at: text.length,
  });
  for (;;) {
    at = skipSpace(text, at);
    if (at >= text.length) return cut();
    const char = text[at]!;
    if (want === 'after') {
      const closer = closers.at(-1)!;
      if (char === ',') {
        want = closer === '}' ? 'key' : 'value';
        at++;
        continue;
      }
      if (char !== closer) return fail(`has ${printable(char)} where a comma or ${closer} belongs`);
    }
    if (want === 'after' || (want === 'first' && char === closers.at(-1))) {
      closers.pop();
      at++;
      if (closers.length === 0) return { end: at };
      want = 'after';
      continue;
    }
    if (want === 'key' || (want === 'first' && closers.at(-1) === '}')) {
      if (char !== '"') return fail(`has ${printable(char)} where a field name in quotes belongs`);
      const end = endOfString(text, at);
      if (end === -1) return cut();
      if (end < -1) {
        at = -end;
        return fail('has a line break inside a string');
      }
      at = skipSpace(text, end);
      if (at >= text.length) return cut();
      if (text[at] !== ':') return fail('has a field name without a colon after it');
      at++;
      want = 'value';
      continue;
    }
    // A value.
    if (char === '{' || char === '[') {
      closers.push(char === '{' ? '}' : ']');
      want = 'first';
      at++;
      continue;
    }
    if (char === '"') {
      const end = endOfString(text, at);
      if (end === -1) return cut();
      if (end < -1) {
        at = -end;
        return fail('has a line break inside a string');
      }
      at = end;
    } else {
      const word = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
      word.lastIndex = at;
      if (!word.test(text)) {
        const rest = /[\w.+-]*/y;
        rest.lastIndex = at;
        rest.test(text);
        if (rest.lastIndex >= text.length && rest.lastIndex > at && closers.length > 0) return cut();
        return fail(`has ${printable(char)} where a value belongs`);
      }
      at = word.lastIndex;
    }
    if (closers.length === 0) return { end: at };
    want = 'after';
  }
}

/** Returns the index after the closing quote; -1 if the text ends first; minus the index of a raw line break. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
    else if (code === 0x0a) return -at;
  }
  return -1;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // 0x1e: the record separator of JSON text sequences (RFC 7464).
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09 && code !== 0xfeff && code !== 0x1e)
      break;
  }
  return at;
}

function notJson(text: string, at: number, what: string): ProblemError {
  return new ProblemError(
    'NOT_JSON',
    `the text ${what} (at ${lineAndColumn(text, at)}), so it is not JSON. Download it again.`,
  );
}

/** Names a punctuation mark, but no letter or digit, which can be part of a payload. */
const printable = (char: string): string => (/[{}[\]:,"'<>]/.test(char) ? char : 'a character');

function lineAndColumn(text: string, at: number): string {
  let line = 1;
  let lineStart = 0;
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) {
    line++;
    lineStart = i + 1;
  }
  return `line ${line}, column ${at - lineStart + 1}`;
}
