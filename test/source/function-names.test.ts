import { functionNameOn } from '../../src/source/function-names';
import { parseSource } from '../../src/source/parse';
import { pathTo } from '../../src/source/statements';

/** Returns the name of the function in which the text `here` stands. */
const nameIn = (code: string): string | null => {
  const column = code.indexOf('here') + 1;
  return functionNameOn(pathTo(parseSource(code, 'flow.ts')!.program, { line: 1, column }));
};

describe('the name of the function at a place', () => {
  it.each([
    ['function pay() { here(); }', 'pay'],
    ['const pay = async () => { here(); };', 'pay'],
    ['class Saga { undo() { here(); } }', 'undo'],
    ['const steps = { undo: () => here() };', 'undo'],
    ['setHandler(approve, async () => { here(); });', 'setHandler(approve)'],
    ['wf.setHandler(signals.approve, function named() { here(); });', 'named'],
    ['scope.run(() => here());', 'scope.run'],
    ['(() => here())();', null],
    ['here();', null],
  ])('%s', (code, name) => {
    expect(nameIn(code)).toBe(name);
  });
});
