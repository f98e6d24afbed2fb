import { existsSync } from 'node:fs';
import { instrument } from '../../lib/coverage/instrument';
import { hitsDirectory, openHitsDirectory, takeHits, writeHits } from '../../lib/coverage/workflow-hits';

const hits = (count: number) => ({
  '/f.ts': { ...instrument('export const f = 1;\n', '/f.ts', null).data, s: { 0: count } },
});

describe('takeHits', () => {
  afterEach(() => {
    delete process.env['TEMPORAL_REPLAY_COVERAGE_DIRECTORY'];
  });

  it('returns the sum of all written hits, once', async () => {
    const directory = openHitsDirectory();

    await writeHits(hitsDirectory()!, hits(2));
    await writeHits(hitsDirectory()!, hits(3));

    expect(takeHits(directory)).toMatchObject([{ path: '/f.ts', s: { 0: 5 } }]);
    expect(takeHits(directory)).toEqual([]);
    expect(existsSync(directory)).toBe(false);
  });

  it('returns no files if no workflow ran', () => {
    expect(takeHits(openHitsDirectory())).toEqual([]);
  });
});
