import type { RunOrigin } from '../../../src/model/run-origin';
import { pageLinks, webUrl } from '../../../src/report/html/links';
import { SAMPLE } from '../../helpers/sample-report';

const ORIGIN: RunOrigin = {
  startedAt: '2026-01-05T08:30:00.000Z',
  versions: { tool: '0.1.0', sdk: '1.24.0', node: '22.0.0' },
  projects: ['orders'],
  repository: {
    url: 'https://github.com/acme/orders',
    branch: 'main',
    commit: 'c0ffee',
    isModified: false,
    directory: 'packages/orders',
    filesUrl: 'https://github.com/acme/orders/blob/c0ffee',
  },
  job: null,
  temporalUi: { url: 'https://temporal.example.com', namespace: 'shop' },
};

const LOCATION = { file: 'src/a b.ts', line: 7, column: 3, function: null };
const linksOf = (origin: RunOrigin | null, env: NodeJS.ProcessEnv = {}) =>
  pageLinks({ ...SAMPLE, ...(origin && { origin }) }, { cwd: '/repo/packages/orders', env });

describe('pageLinks', () => {
  it('opens a place in the editor on this machine, but not from CI', () => {
    expect(linksOf(null).editor(LOCATION)).toBe('vscode://file/repo/packages/orders/src/a%20b.ts:7:3');
    expect(linksOf(null, { CI: 'true' }).editor(LOCATION)).toBeNull();
  });

  it('finds a file of a package in the repository', () => {
    expect(linksOf(ORIGIN).repository(LOCATION)).toBe(
      'https://github.com/acme/orders/blob/c0ffee/packages/orders/src/a%20b.ts#L7',
    );
    expect(linksOf(ORIGIN).repository({ ...LOCATION, file: '../shared/a.ts' })).toBe(
      'https://github.com/acme/orders/blob/c0ffee/packages/shared/a.ts#L7',
    );
  });

  it('has no link for a file outside of the repository, or without one', () => {
    expect(linksOf(ORIGIN).repository({ ...LOCATION, file: '../../../a.ts' })).toBeNull();
    expect(linksOf(ORIGIN).repository({ ...LOCATION, file: '/elsewhere/a.ts' })).toBeNull();
    expect(linksOf(null).repository(LOCATION)).toBeNull();
  });

  it('finds a run and its event in the Temporal UI, in its own namespace if it has one', () => {
    const run = { workflowId: 'order/1', runId: 'r1' };

    expect(linksOf(ORIGIN).run(run)).toBe(
      'https://temporal.example.com/namespaces/shop/workflows/order%2F1/r1/history',
    );
    expect(linksOf(ORIGIN).run({ ...run, namespace: 'eu' }, 11)).toBe(
      'https://temporal.example.com/namespaces/eu/workflows/order%2F1/r1/history/events/11',
    );
  });

  it('has no link for a run without ids, or without a Temporal UI', () => {
    expect(linksOf(ORIGIN).run({ workflowId: null, runId: 'r1' })).toBeNull();
    expect(linksOf({ ...ORIGIN, temporalUi: null }).run({ workflowId: 'a', runId: 'b' })).toBeNull();
  });
});

describe('webUrl', () => {
  it.each([
    ['https://example.com/a\u202eb', 'https://example.com/a%E2%80%AEb'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['no address', null],
    [null, null],
  ])('makes %j %j', (address, expected) => {
    expect(webUrl(address)).toBe(expected);
  });
});
