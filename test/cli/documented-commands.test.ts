/** Checks the commands that the documents show: each is a command of the CLI with flags that it has. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/command-table';
import { ROOT, replay } from '../helpers/replay-cli';

const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

interface Shown {
  file: string;
  name: string;
  flags: string[];
}

/** Commands of `replay` in blocks of shell code, and in code within the text. */
const SHOWN = DOCUMENTS.flatMap((file): Shown[] => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) => block!.split('\n'));
  const inText = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
  return [...blocks, ...inText].flatMap((line) => {
    const [, name, rest] =
      /(?:^|\| )(?:npx (?:--no-install )?|pnpm exec )?replay ([a-z][a-z-]*)\b(.*)/.exec(line) ?? [];
    // Quoted text, such as a query, and what a shell does with the output hold no flags.
    const own = (rest ?? '').replace(/'[^']*'|"[^"]*"/g, '').split(/[|>#]/)[0]!;
    return name === undefined ? [] : [{ file, name, flags: own.match(/--[a-zA-Z-]+/g) ?? [] }];
  });
});

/** Commands whose flags are those of a command below them. */
const SUBCOMMANDS: Readonly<Record<string, string[]>> = { baseline: ['baseline', 'update'] };
/** Flags that a command passes on. */
const OF_OTHERS = ['--updateHistories'];

describe('the commands that the documents show', () => {
  it('exist', () => {
    expect(SHOWN.length).toBeGreaterThan(50);
    expect(SHOWN.filter(({ name }) => !(name in COMMANDS))).toEqual([]);
  });

  it.each(Object.keys(COMMANDS))('have only flags of replay %s', async (name) => {
    const shown = SHOWN.filter((command) => command.name === name);
    const { stdout } = await replay([...(SUBCOMMANDS[name] ?? [name]), '--help']);
    const isKnown = (flag: string): boolean =>
      new RegExp(`${flag.replace(/^--no-/, '--')}(?![\\w-])`).test(stdout) || OF_OTHERS.includes(flag);
    const unknown = shown.flatMap(({ file, flags }) =>
      flags.filter((flag) => !isKnown(flag)).map((flag) => `${file}: ${flag}`),
    );

    expect(unknown).toEqual([]);
  });
});
