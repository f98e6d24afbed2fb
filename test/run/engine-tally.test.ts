import type { DiagnosedResult } from '../../src/model/report';
import { EngineTally } from '../../src/run/engine-tally';

const result = (file: string): DiagnosedResult => ({ file, verdict: 'compatible' }) as DiagnosedResult;

describe('EngineTally', () => {
  it('counts the histories of each engine, and the reasons of the screen', () => {
    const tally = new EngineTally(1);
    tally.add({ by: 'screen' }, result('a'));
    tally.add({ by: 'core', unsure: 'unknown event' }, result('b'));
    tally.add({ by: 'core', unsure: 'unknown event' }, result('c'));

    expect(tally.counts()).toEqual({
      screened: 1,
      byCore: 2,
      sampled: 0,
      unsure: { 'unknown event': 2 },
    });
  });

  it('has no counts if the screen was never asked', () => {
    const tally = new EngineTally(1);
    tally.add(undefined, result('a'));

    expect(tally.counts()).toBeNull();
  });

  it('samples one in a hundred results of the screen, at least one, by its seed', () => {
    const tally = new EngineTally(7);
    const other = new EngineTally(7);
    for (let i = 0; i < 250; i++) {
      tally.add({ by: 'screen' }, result(`h${i}`));
      other.add({ by: 'screen' }, result(`h${249 - i}`));
    }

    const files = tally.sample().map(({ file }) => file);

    expect(files).toHaveLength(3);
    expect(other.sample().map(({ file }) => file)).toEqual(files);
    expect(new EngineTally(1).sample()).toEqual([]);
  });

  it('throws ENGINE_DISAGREES with the history that core did not find compatible', () => {
    const tally = new EngineTally(1);
    tally.add({ by: 'screen' }, result('a.json'));
    tally.check();

    tally.addChecked({ by: 'core', disagrees: true }, result('a.json'));

    expect(tally.counts()).toMatchObject({ screened: 0, byCore: 1, sampled: 0 });
    expect(() => tally.check()).toThrow(expect.objectContaining({ code: 'ENGINE_DISAGREES' }));
    expect(() => tally.check()).toThrow(/a\.json/);
  });
});
