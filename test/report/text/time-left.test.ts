import { TimeLeft } from '../../../src/report/text/time-left';

/** Returns what is shown at the end of each of `count` steps of `stepMs` in which `perStep` histories end. */
function shownWhile(total: number, stepMs: number, perStep: (step: number) => number): (string | null)[] {
  const left = new TimeLeft(0);
  let done = 0;
  const shown: (string | null)[] = [];
  for (let step = 1; done < total; step++) {
    done = Math.min(total, done + perStep(step));
    left.measure(step * stepMs, done, total);
    shown.push(left.text(step * stepMs));
  }
  return shown;
}

const seconds = (text: string | null): number => Number(/^(\d+) s left$/.exec(text ?? '')?.[1] ?? NaN);

describe('TimeLeft', () => {
  it('says nothing in the first second', () => {
    expect(shownWhile(100, 200, () => 1).slice(0, 4)).toEqual([null, null, null, null]);
  });

  it('counts down steadily at a steady rate', () => {
    const shown = shownWhile(100, 100, () => 1).filter((text) => text !== null);

    const counts = shown.map(seconds);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[0]).toBe(9);
    expect(counts.at(-1)).toBe(1);
  });

  it('does not jump when histories end in bursts', () => {
    const shown = shownWhile(200, 500, (step) => (step % 4 === 0 ? 20 : 0)).filter((text) => text !== null);

    const jumps = shown.slice(1).map((text, i) => seconds(text) - seconds(shown[i]!));
    expect(Math.max(...jumps)).toBeLessThanOrEqual(5);
  });

  it.each([
    [1_000, 600, '10 min left'],
    [10_000, 100, '1 min 45 s left'],
    [10_000, 45, '45 s left'],
    [10_000, 3, '3 s left'],
  ])('rounds up to a step that suits the time', (elapsed, left, expected) => {
    const estimate = new TimeLeft(0);
    const total = 1_000_000;
    const done = Math.round((total * elapsed) / (elapsed + left * 1000));

    estimate.measure(elapsed, done, total);

    expect(estimate.text(elapsed + 1)).toBe(expected);
  });
});
