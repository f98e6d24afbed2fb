import type { DiagnosedReport } from '../../../src/model/report';
import { header } from '../../../src/report/html/header';
import { sampleHtmlReport } from '../../helpers/sample-html-report';

function textOf(report: DiagnosedReport): string {
  const { text } = header(report, { hasDetails: true });
  return text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
}

describe('the header of the html report', () => {
  const origin: NonNullable<DiagnosedReport['origin']> = {
    startedAt: '2026-01-05T08:30:00.000Z',
    versions: { tool: '0.1.0', sdk: '1.24.0', node: '22.0.0' },
    projects: ['orders', 'billing'],
    repository: {
      url: 'https://github.com/acme/orders',
      branch: 'feature',
      commit: 'c0ffee1234567890',
      isModified: true,
      directory: '',
      filesUrl: null,
    },
    job: 'https://github.com/acme/orders/actions/runs/7',
    temporalUi: null,
  };

  it('says where the report comes from', () => {
    const report = { ...sampleHtmlReport(), origin };
    report.results[0]!.firstEventAt = '2025-12-01T00:00:00.000Z';
    report.results[1]!.lastEventAt = '2026-01-04T00:00:00.000Z';

    const text = textOf(report);

    for (const part of [
      'acme/orders',
      'Projects orders , billing',
      'Branch feature',
      'Commit c0ffee123 and changes',
      'Replayed 5 Jan 2026, 08:30 UTC',
      'Histories 1 Dec 2025 – 4 Jan 2026',
      'Temporal SDK 1.24.0',
      'temporal-replay 0.1.0',
      'Node 22.0.0',
      'Job open',
    ])
      expect(text).toContain(part);
    expect(header(report, { hasDetails: true }).text).toContain(
      'href="https://github.com/acme/orders/commit/c0ffee1234567890"',
    );
  });

  it('does without any of it', () => {
    const repository = {
      url: null,
      branch: null,
      commit: null,
      isModified: null,
      directory: '',
      filesUrl: null,
    };
    const bare = { ...origin, repository, job: null, projects: [], startedAt: 'then' };

    expect(textOf({ ...sampleHtmlReport(), origin: bare })).not.toMatch(
      /Branch|Commit|Job|Replayed|Projects/,
    );
    expect(textOf({ ...sampleHtmlReport(), origin: { ...origin, repository: null } })).not.toContain(
      'Branch',
    );
  });

  it('counts histories and open runs by workflow type, the worst first, those without a history last', () => {
    const text = textOf(sampleHtmlReport());

    expect(text).toContain(
      'processOrder 4 2 – 3 incompatible , 1 compatible subscription 3 1 – all failed ' +
        'refundOrder 3 2 – all drifted archiveOrders 0 0 0 no history',
    );
  });

  it('says how many causes there are and how many open runs they would hold', () => {
    expect(textOf(sampleHtmlReport())).toContain(
      '3 causes; 5 runs were open when the histories were fetched.',
    );
    expect(textOf(sampleHtmlReport({ failing: 0 }))).not.toContain('cause');
  });
});
