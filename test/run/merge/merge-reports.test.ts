import type { DiagnosedReport, Shard } from '../../../src/model/report';
import { mergeReports } from '../../../src/run/merge/merge-reports';
import { reportOf as reportOfResults, resultOf } from '../../gate/baseline/reports';

type Fields = Partial<Omit<DiagnosedReport, 'shard'>>;

/** A report of one part. */
const part = (shard: Shard, uncoveredTypes: string[] = [], fields: Fields = {}): DiagnosedReport => ({
  ...reportOfResults(resultOf(`o${shard.index}`, 'compatible')),
  shard: { ...shard, uncoveredTypes },
  ...fields,
});

const merged = (...reports: DiagnosedReport[]): DiagnosedReport =>
  mergeReports(reports.map((report, i) => ({ name: `${i + 1}.json`, report })));

describe('mergeReports', () => {
  it('makes one report of all shards, in which a type is not covered if no shard covers it', () => {
    const report = merged(
      part({ index: 2, count: 2 }, ['both', 'second']),
      part({ index: 1, count: 2 }, ['both', 'first']),
    );

    expect(report).toMatchObject({
      status: 'complete',
      summary: { histories: 2, compatible: 2, uncoveredTypes: ['both'] },
    });
    expect(report).not.toHaveProperty('shard');
  });

  it('takes the longest part for the duration of the whole', () => {
    const [short, long] = [1, 2].map((index) => part({ index, count: 2 }));
    short!.summary.durationMs = 10;
    long!.summary.durationMs = 70;

    expect(merged(short!, long!).summary.durationMs).toBe(70);
  });

  it.each(['interrupted', 'incomplete'] as const)(
    'is %s if one part is, and names no uncovered types',
    (status) => {
      const report = merged(
        part({ index: 1, count: 2 }, ['a'], { status }),
        part({ index: 2, count: 2 }, ['a']),
      );

      expect(report).toMatchObject({ status, summary: { uncoveredTypes: [] } });
    },
  );

  it('joins the outcomes of the baseline, each entry once', () => {
    const entry = { fingerprint: 'f' } as never;
    const outcome = (stale: never[]) => ({ baseline: { file: 'known.json', expired: [entry], stale } });

    const report = merged(
      part({ index: 1, count: 2 }, [], outcome([])),
      part({ index: 2, count: 2 }, [], outcome([entry])),
    );

    expect(report.baseline).toEqual({ file: 'known.json', expired: [entry], stale: [entry] });
  });

  it('adds up the histories of each engine', () => {
    const engine = (reason: string) => ({
      engine: { screened: 3, byCore: 1, sampled: 1, unsure: { [reason]: 1 } },
    });

    const report = merged(
      part({ index: 1, count: 3 }, [], engine('nexus')),
      part({ index: 2, count: 3 }, [], engine('nexus')),
      part({ index: 3, count: 3 }, [], engine('flag')),
    );

    expect(report.engine).toEqual({ screened: 9, byCore: 3, sampled: 3, unsure: { nexus: 2, flag: 1 } });
  });

  it('joins the reports of several services', () => {
    const service = (id: string, uncovered: string): DiagnosedReport => {
      const report = reportOfResults(resultOf(id, 'compatible'));
      return { ...report, summary: { ...report.summary, uncoveredTypes: [uncovered] } };
    };

    expect(merged(service('a', 'y'), service('b', 'x')).summary).toMatchObject({
      histories: 2,
      uncoveredTypes: ['x', 'y'],
    });
  });

  it.each<[string, DiagnosedReport[], RegExp]>([
    ['misses one', [part({ index: 1, count: 3 })], /part 2, 3 of 3 is missing/],
    [
      'stands twice',
      [part({ index: 1, count: 2 }), part({ index: 1, count: 2 })],
      /1\.json and 2\.json are both of part 1/,
    ],
    [
      'has another number of parts',
      [part({ index: 1, count: 2 }), part({ index: 2, count: 3 })],
      /2\.json is one of 3 parts/,
    ],
    [
      'is no part',
      [part({ index: 1, count: 1 }), reportOfResults(resultOf('o', 'compatible'))],
      /2\.json is the report of a whole run/,
    ],
  ])('refuses shards of which one %s', (_, reports, message) => {
    expect(() => merged(...reports)).toThrow(
      expect.objectContaining({ code: 'REPORT_INVALID', message: expect.stringMatching(message) }),
    );
  });

  it('refuses the reports of different commits', () => {
    const of = (index: number, commit: string) =>
      part({ index, count: 2 }, [], {
        origin: { startedAt: '', projects: [], repository: { commit } } as never,
      });

    expect(() => merged(of(1, 'aaaaaaaaaaaaaaaa'), of(2, 'bbbbbbbbbbbbbbbb'))).toThrow(
      /1\.json is of the commit aaaaaaaaaaaa, and 2\.json of bbbbbbbbbbbb/,
    );
  });
});
