import type { Argv } from 'yargs';
import { TemporalReplayError, hintOf } from '../../errors';
import { pageText } from '../../explain/page-text';
import { type PageKind, type Pages, readPages } from '../../explain/pages';
import { nearestName } from '../../util/nearest-name';
import type { Command } from '../command';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { processScreen } from '../terminal/screen';

interface ExplainArgs {
  name?: string;
}

/** Width of the text, unless the terminal is narrower. */
const COLUMNS = 100;

export const explainCommand: Command<ExplainArgs> = {
  builder: (yargs) =>
    yargs.positional('name', {
      type: 'string',
      describe: 'Error code, verdict, kind of difference or remedy; all names are listed without it',
    }) as unknown as Argv<ExplainArgs>,
  handler: (args) => {
    refuseRepeatedFlags(args);
    const screen = processScreen();
    const pages = readPages();
    const columns = Math.min(screen.columns ?? COLUMNS, COLUMNS);
    if (args.name === undefined) screen.print(listOf(pages));
    else {
      const name = knownName(args.name, pages);
      screen.print(pageText(name, pages.get(name)!, { columns, hintOf }));
    }
  },
};

/** Returns the name of a page as it is written there. @throws USAGE */
function knownName(given: string, pages: Pages): string {
  const names = [...pages.keys()];
  const known = pages.has(given) ? given : names.find((name) => name.toLowerCase() === given.toLowerCase());
  if (known !== undefined) return known;
  const nearest = nearestName(given, names);
  throw new TemporalReplayError(
    'USAGE',
    `There is no page about ${given}.${nearest === undefined ? '' : ` Did you mean ${nearest}?`}`,
    { hint: 'Run `replay explain` to list all names.' },
  );
}

/** Returns the names of all pages by their kind, a name a line. */
function listOf(pages: Pages): string[] {
  const byKind = new Map<PageKind, string[]>();
  for (const [name, passages] of pages)
    for (const { content } of passages)
      if (content.type === 'row') byKind.set(content.kind, [...(byKind.get(content.kind) ?? []), name]);
  return [...byKind].flatMap(([kind, names], i) => [
    ...(i === 0 ? [] : ['']),
    `${kind}:`,
    ...names.map((name) => `  ${name}`),
  ]);
}
