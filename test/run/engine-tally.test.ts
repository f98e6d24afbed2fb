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

  it('draws one in a hundred histories before they are replayed, at least one, by its seed', () => {
    const sources = Array.from({ length: 250 }, (_, i) => ({ file: `h${i}` }));

    const drawn = new EngineTally(7).draw(sources);

    expect(new Set(drawn).size).toBe(3);
    expect(new EngineTally(7).draw([...sources].reverse())).toEqual(drawn);
    expect(new EngineTally(8).draw(sources)).not.toEqual(drawn);
    expect(new EngineTally(7).draw(sources.slice(0, 2))).toHaveLength(1);
  });

  it('samples no more results than those that core has not checked already', () => {
    const tally = new EngineTally(7);
    const checked = ['h0', 'h1'];
    for (const file of checked) tally.add({ by: 'screen', isChecked: true }, result(file));
    for (let i = 2; i < 250; i++) tally.add({ by: 'screen' }, result(`h${i}`));

    const [other, ...more] = tally.sample();

    expect(more).toEqual([]);
    expect(checked).not.toContain(other!.file);
    tally.addChecked({ by: 'screen', isChecked: true }, other!);
    expect(tally.sample()).toEqual([]);
    expect(tally.counts()).toMatchObject({ screened: 250, sampled: 3 });
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
