import { flagName, flagRows } from '../../src/options/flags';
import { replay } from '../helpers/replay-cli';

const GROUPS = {
  run: ['connection', 'code', 'replay', 'run'],
  'baseline update': ['connection', 'code', 'replay'],
  'baseline list': ['baseline'],
  show: ['code'],
  fetch: ['connection', 'fetch'],
  doctor: ['connection'],
} as const;

describe('the flags of the table', () => {
  it.each(Object.entries(GROUPS))('are those that replay %s takes', async (command, groups) => {
    const { stdout } = await replay([...command.split(' '), '--help']);

    const inHelp = [...stdout.matchAll(/^ +--([a-z-]+)/gm)].map(([, name]) => name);
    const inTable = [...flagRows(groups)].filter(([, { flag }]) => !flag.positional);
    expect(inHelp).toEqual(expect.arrayContaining(inTable.map(([name]) => flagName(name))));
  });
});
