import { KnownLoops } from '../../../src/replay/pool/known-loops';

const at = (line: number, name: string | null = 'poll') => ({
  file: 'src/flow.ts',
  line,
  column: 1,
  function: name,
});

let count = 0;
/** Another history of a type. */
const next = (workflowType: string | null) => ({ file: `${++count}.json`, workflowType });

describe('KnownLoops', () => {
  it('gives the rest of a type less time after two histories looped in one function', () => {
    const loops = new KnownLoops();

    loops.add(next('flow'), at(3));
    const afterOne = loops.limitOf(next('flow'), 120_000);
    loops.add(next('flow'), at(4));

    expect(afterOne).toBe(120_000);
    expect(loops.limitOf(next('flow'), 120_000)).toBe(10_000);
    expect(loops.placeOf('flow')).toEqual(at(4));
  });

  it('leaves other types, other places and shorter limits alone', () => {
    const loops = new KnownLoops();

    loops.add(next('flow'), at(3, 'poll'));
    loops.add(next('flow'), at(9, 'drain'));
    loops.add(next('other'), at(3));
    loops.add(next('other'), at(3));
    loops.add(next('other'), undefined);
    loops.add(next(null), at(3));

    expect(loops.limitOf(next('flow'), 120_000)).toBe(120_000);
    expect(loops.limitOf(next('other'), 5_000)).toBe(5_000);
    expect(loops.limitOf(next(null), 120_000)).toBe(120_000);
  });

  it('gives the second replay of a history that looped less time', () => {
    const loops = new KnownLoops();
    const [looping, other] = [next('flow'), next('flow')];

    loops.add(looping, at(3));

    expect(loops.limitOf(looping, 120_000)).toBe(10_000);
    expect(loops.limitOf(other, 120_000)).toBe(120_000);
  });
});
