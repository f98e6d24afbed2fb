import { cutToWidth, graphemesOf, widthOf } from './text-width';

/** Share of the room that the beginning of a file's name gets: it has the workflow id, its end the run id. */
const SHARE_OF_START = 0.7;
/** Width of a file's name below which its end says nothing. */
const MIN_NAME = 12;

/**
 * Returns a path within `width` columns: without the folders in its middle, then without all of them, then with a name that is cut
 * in its middle. The beginning of a name and its extension stay.
 */
export function shortPath(path: string, width: number): string {
  if (widthOf(path) <= width) return path;
  const folders = path.split('/');
  const name = folders.pop()!;
  const [first] = folders;
  const shorter = [
    ...(folders.length > 1 ? [`${first}/…/${name}`] : []),
    ...(first === undefined ? [] : [`…/${name}`]),
  ];
  const fitting = shorter.find((text) => widthOf(text) <= width);
  if (fitting !== undefined) return fitting;
  const prefix = first === undefined ? '' : '…/';
  return prefix + cutInMiddle(name, width - widthOf(prefix));
}

/** Returns the text within `width` columns, with `…` in its middle if it was cut. */
export function cutInMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < MIN_NAME) return cutToWidth(text, width);
  const start = Math.ceil((width - 1) * SHARE_OF_START);
  const head = cutToWidth(text, start + 1).slice(0, -1);
  let tail = '';
  let left = width - 1 - widthOf(head);
  for (const grapheme of [...graphemesOf(text.slice(-width * 8))].reverse()) {
    left -= widthOf(grapheme);
    if (left < 0) break;
    tail = grapheme + tail;
  }
  return `${head}…${tail}`;
}
