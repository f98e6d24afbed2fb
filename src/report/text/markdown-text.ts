import { cut, printable } from '../../util/printable';

const MAX_LINE_LENGTH = 200;
const MAX_ID_LENGTH = 200;

/** Matches names between backticks, as our own texts have them. */
const IS_NAME = /^`(?=.*\w)[\w.$ (),[\]/:-]+`$/;
/** Matches what makes a mention, a reference to an issue or a link of the text after it. */
const REFERENCE = /[@#](?=\S)|GH(?=-\d)|:(?=\/\/)|www(?=\.)/gi;

/** Returns a name or id, cut if it is very long. */
export const short = (text: string): string => cut(text, MAX_ID_LENGTH);
const onOneLine = (text: string): string => printable(text).replace(/\s+/g, ' ');

/** Escapes text so that nothing in it is Markdown or HTML, mentions a person or refers to an issue. */
export const escaped = (text: string): string =>
  onOneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_|[\]~$]/g, '\\$&')
    // GitHub looks for these in the rendered text, so an entity of the character itself would not help.
    .replace(REFERENCE, '$&&#8203;');

/** Escapes as {@link escaped} does, but keeps names between backticks, as our own texts have them, as code. */
export const inlineMarkdown = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (IS_NAME.test(part) ? part : escaped(part)))
    .join('');

/** Returns an id or path as code, between as many backticks as it needs. Not for tables, whose code cannot hold a pipe. */
export function code(text: string): string {
  const line = short(onOneLine(text));
  const ticks = '`'.repeat(longestTicks(line) + 1);
  return ticks.length === 1 && line.trim() !== '' ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

export function fenced(text: string, language: string): string {
  const lines = printable(text).split('\n');
  const body = lines.map((line) => cut(line, MAX_LINE_LENGTH)).join('\n');
  const ticks = '`'.repeat(Math.max(3, longestTicks(body) + 1));
  return `${ticks}${language}\n${body}\n${ticks}`;
}

const longestTicks = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));

/** Escapes text for HTML, in which GitHub still looks for mentions, issues and links. Names between backticks become code. */
export const inlineHtml = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (IS_NAME.test(part) ? `<code>${html(part.slice(1, -1))}</code>` : html(part)))
    .join('');

const html = (text: string): string =>
  onOneLine(text).replace(
    new RegExp(`[&<>"\`[]|${REFERENCE.source}`, 'gi'),
    (found) => ENTITIES[found] ?? `${found}&#8203;`,
  );

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '`': '&#96;',
  '[': '&#91;',
};
