import { highlight } from '@babel/code-frame';
import { cut } from '../../util/printable';
import { html, type Markup, trusted, visibleLines } from './markup';

/** Amount of code that a card shows. */
export interface CodeLimits {
  /** Number of characters of each passage. */
  length: number;
  /** True if the code is coloured, which takes about three times its size. */
  isColored: boolean;
}

/** Classes of tokens, by the terminal colour that `highlight` gives them. Other colours are left out. */
const CLASSES: Readonly<Record<string, string>> = {
  '36': 'tk',
  '33': 'tt',
  '35': 'tn',
  '32': 'ts',
  '90': 'tc',
};
// eslint-disable-next-line no-control-regex -- `highlight` writes these sequences; the code itself has none, since `visible` replaces them.
const SEQUENCE = /\u001b\[(\d+)m/;

/** Returns each line of a passage of code with its tokens marked. The text has passed `visible`. */
function coloredLines(lines: readonly string[], { isColored }: Pick<CodeLimits, 'isColored'>): Markup[] {
  if (!isColored) return lines.map((text) => html`${text}`);
  return highlight(lines.join('\n')).split('\n').map(coloredLine);
}

/** Turns the colour sequences of a line into elements. Punctuation has the colour of types, and stays as it is. */
function coloredLine(text: string): Markup {
  const parts = text.split(SEQUENCE);
  let token = '';
  return html`${parts.map((part, i) => {
    if (i % 2 === 1) {
      token = CLASSES[part] ?? '';
      return html``;
    }
    if (part === '' || token === '' || (token === 'tt' && !/\w/.test(part))) return html`${part}`;
    return html`<span class="${token}">${part}</span>`;
  })}`;
}

/** Makes a passage of code, with a button to copy it. */
export const codeBlock = (code: string, label: string, limits: CodeLimits): Markup =>
  block(html`${joinedLines(coloredLines(shown(code, limits), limits))}`, {
    label,
    name: 'code',
    isCopied: true,
  });

const shown = (code: string, { length }: CodeLimits): string[] =>
  cut(visibleLines(code), length).replace(/\n$/, '').split('\n');

interface BlockOptions {
  label: string;
  name: 'code' | 'frame' | 'diff';
  /** True if the text can be copied. */
  isCopied: boolean;
}

const block = (content: Markup, { label, name, isCopied }: BlockOptions): Markup =>
  html`<div class="block" ${isCopied ? html` data-copy="${label.toLowerCase()}"` : null}>
    <pre class="${name}" tabindex="0" aria-label="${label}"><code>${content}</code></pre>
  </div>`;

const LINE_END = trusted('\n');
const joinedLines = (lines: readonly Markup[]): Markup =>
  html`${lines.flatMap((each, i) => (i === 0 ? [each] : [LINE_END, each]))}`;

/** A line of a frame or of a diff. */
interface MarkedLine {
  mark: ' ' | '+' | '-' | '>' | '@';
  /** Number of the line; empty without one. */
  number: string;
  text: string;
}

/** Text before the code of a line of a frame: `> 12 | `, `-    | `. */
const GUTTER = /^([> +-]) *(\d*) \|(?: |$)/;

/** Makes the lines around a place, numbered and coloured. */
export function frameBlock(codeFrame: string, limits: CodeLimits): Markup {
  const lines = shown(codeFrame, limits).map((text): MarkedLine => {
    const [gutter = '', mark = ' ', at = ''] = GUTTER.exec(text) ?? [];
    return { mark: mark as MarkedLine['mark'], number: at, text: text.slice(gutter.length) };
  });
  return block(markedLines(lines, limits), { label: 'Source', name: 'frame', isCopied: false });
}

/** Header of a passage of a unified diff. */
const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Makes a unified diff with numbered lines. Its text can be given to `git apply`. */
export function diffBlock(diff: string, limits: CodeLimits): Markup {
  const at = { before: 0, after: 0 };
  const left = { before: 0, after: 0 };
  const lines = shown(diff, limits).map((text): MarkedLine => {
    if (left.before <= 0 && left.after <= 0) {
      const [, from, ofOld = '1', to, ofNew = '1'] = HUNK.exec(text) ?? [];
      if (from !== undefined) {
        Object.assign(at, { before: Number(from), after: Number(to) });
        Object.assign(left, { before: Number(ofOld), after: Number(ofNew) });
      }
      return { mark: '@', number: '', text };
    }
    const [mark = ' '] = text;
    if (mark === '\\') return { mark: '@', number: '', text };
    if (mark !== '+') left.before--;
    if (mark !== '-') left.after--;
    const number = mark === '-' ? at.before : at.after;
    if (mark !== '+') at.before++;
    if (mark !== '-') at.after++;
    return { mark: mark === '+' || mark === '-' ? mark : ' ', number: String(number), text: text.slice(1) };
  });
  return block(markedLines(lines, limits, { hasSigns: true }), {
    label: 'Diff',
    name: 'diff',
    isCopied: true,
  });
}

/**
 * Makes marked lines. The lines before and after a change are coloured apart, since together they are no code. Numbers and marks of a
 * frame are made by the style, so that only code is copied; `hasSigns` makes the sign of a diff a part of the text.
 */
function markedLines(lines: readonly MarkedLine[], limits: CodeLimits, { hasSigns = false } = {}): Markup {
  const isCode = ({ mark }: MarkedLine): boolean => mark !== '@';
  const before = lines.filter((each) => isCode(each) && each.mark !== '+');
  const after = lines.filter((each) => isCode(each) && each.mark !== '-');
  const colored = new Map<MarkedLine, Markup>();
  for (const side of [before, after])
    coloredLines(
      side.map(({ text }) => text),
      limits,
    ).forEach((markup, i) => colored.set(side[i]!, markup));
  const width = Math.max(...lines.map(({ number }) => number.length));
  const rows = lines.map((each) => {
    const { mark, number, text } = each;
    const code = colored.get(each) ?? html`${text}`;
    const sign = hasSigns && isCode(each) ? html`<span class="sign">${mark}</span>` : null;
    const gutter = `${hasSigns ? '' : `${mark} `}${number.padStart(width)}`;
    return html`<span class="ln ${MARK_CLASSES[mark]}" data-n="${gutter}">${sign}${code}</span>`;
  });
  return joinedLines(rows);
}

const MARK_CLASSES: Readonly<Record<MarkedLine['mark'], string>> = {
  ' ': 'same',
  '+': 'plus',
  '-': 'minus',
  '>': 'here',
  '@': 'meta',
};
