import { cut } from '../../util/printable';
import { html, type Markup, visible } from './markup';

const MAX_LINE = 1_000;

/** Returns text of a history, the code or an error on one line, with placeholders for invisible characters. */
export const line = (text: string): string => cut(visible(text), MAX_LINE);

/** Returns text as markup, with code between backticks. */
export const prose = (text: string): Markup =>
  html`${line(text)
    .split('`')
    .map((part, i, parts) =>
      i % 2 === 1 && i < parts.length - 1 ? html`<bdi class="mono">${part}</bdi>` : html`${part}`,
    )}`;

export const mono = (text: string): Markup => html`<bdi class="mono">${line(text)}</bdi>`;

export const number = (value: number): string => value.toLocaleString('en');

export const plural = (count: number, one: string, many: string): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** Returns the parts with a separator between them. */
export const joined = (parts: readonly Markup[], separator = ', '): Markup[] =>
  parts.map((part, i) => (i === 0 ? part : html`${separator}${part}`));

const DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** Returns `5 Jan 2026`; null for text that is no date. */
export const dateText = (iso: string): string | null =>
  Number.isNaN(Date.parse(iso)) ? null : DATE.format(Date.parse(iso));

/** Returns `5 Jan 2026, 08:30 UTC`; null for text that is no date. */
export const timeText = (iso: string): string | null =>
  Number.isNaN(Date.parse(iso)) ? null : `${dateText(iso)}, ${TIME.format(Date.parse(iso))} UTC`;

export const tableHead = (...columns: string[]): Markup =>
  html`<thead>
    <tr>
      ${columns.map((column) => html`<th scope="col">${column}</th>`)}
    </tr>
  </thead>`;
