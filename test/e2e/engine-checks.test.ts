/** Core checks some answers of the screen while other histories are replayed, whatever happens to a process meanwhile. */
import { replay, reportOf } from '../helpers/replay-cli';
import { RUN, unrulyService } from './unruly-service';

/** Replays one history of each of these types. */
async function outcomeOf(types: readonly string[], processes: string) {
  const run = await replay([...RUN, '--concurrency', processes], { cwd: unrulyService(types) });
  const { results, engine: counts } = reportOf(run);
  const inOrder = results.sort((a, b) => (a.file < b.file ? -1 : 1));
  return { verdicts: inOrder.map(({ verdict }) => verdict), counts: counts! };
}

it.each(['1', '2'])(
  'a process that ends loses none of the histories that it was given ahead (%s processes)',
  async (processes) => {
    const types = Array.from({ length: 14 }, (_, i) => (i % 5 === 3 ? 'exits' : 'good'));

    const { verdicts, counts } = await outcomeOf(types, processes);

    expect(verdicts).toEqual(types.map(() => 'compatible'));
    expect(counts.screened + counts.byCore).toBe(types.length);
    expect(counts.sampled).toBe(1);
  },
);

it('another history is checked in the place of one that the screen is unsure about', async () => {
  const types = ['good', 'rejects', 'rejects', 'rejects'];

  const { verdicts, counts } = await outcomeOf(types, '2');

  expect(verdicts).toEqual(['compatible', 'failed', 'failed', 'failed']);
  expect(counts).toMatchObject({ screened: 1, byCore: 3, sampled: 1 });
});
