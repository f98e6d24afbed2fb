import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../../src/cli/command-table';
import { ROOT, replay } from '../helpers/replay-cli';

const NAMES = Object.keys(COMMANDS);
const DOCUMENTS = readdirSync(join(ROOT, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => readFileSync(join(ROOT, 'docs', file), 'utf8'));

describe('every command', () => {
  it.each(NAMES)('%s has a file of its own and a paragraph in docs/', (name) => {
    expect(existsSync(join(ROOT, `src/cli/commands/${name}.ts`))).toBe(true);
    expect(DOCUMENTS.some((text) => new RegExp(`\\breplay ${name}\\b`).test(text))).toBe(true);
  });

  it.each(NAMES)('%s explains itself with --help', async (name) => {
    const run = await replay([name, '--help']);

    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain(`replay ${name}`);
    expect(run.stdout.replaceAll('\n', ' ')).toContain(COMMANDS[name]!.describe);
  });
});

describe('replay --help', () => {
  it('lists every command', async () => {
    const run = await replay(['--help']);

    for (const name of NAMES) expect(run.stdout).toMatch(new RegExp(`^ {2}replay ${name}\\b`, 'm'));
  });
});

describe('replay', () => {
  it('runs a command that stands after a flag', async () => {
    const run = await replay(['--strict=true', 'run', 'nowhere']);

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('[NO_HISTORIES]');
  });

  it.each([
    ['no command', [], 'Name a command: fetch, run'],
    ['a mistyped command', ['rum'], 'Unknown command: rum. Did you mean run?'],
    ['a missing argument', ['show'], 'replay show is missing an argument.'],
    ['a mistyped flag', ['doctor', '--adress', 'x'], 'Unknown argument: adress. Did you mean --address?'],
    ['an unknown flag', ['doctor', '--bogus'], 'See `replay doctor --help`.'],
    ['a limit without a query', ['run', '--limit', '5'], '--limit has no effect without --query.'],
    ['a flag without a value', ['run', '--reporter'], '--reporter has no valid value.'],
    ['a flag with an empty value', ['run', '--min-histories='], '--min-histories has no valid value.'],
    ['a list with an empty value', ['run', '--require-types', ''], '--require-types has no valid value.'],
    ['a number that is none', ['run', '--limit', 'ten'], '--limit has no valid value.'],
    ['a flag given twice', ['fetch', '--limit', '1', '--limit', '2'], '--limit is given more than once.'],
  ])('refuses %s with exit code 2', async (_, args, message) => {
    const run = await replay(args);

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain('[USAGE]');
  });
});
