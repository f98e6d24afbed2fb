/** `replay comment` as a process, with a server in the place of GitHub. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { commitAll, git, initRepository } from '../helpers/git-repository';
import { ROOT, replayInHost, scratchDirectory } from '../helpers/replay-cli';

const FILE = 'src/workflows/ship-order.ts';
const BOOK = 'await activities.bookPickup({ shipmentId, items });';

interface Request {
  method: string;
  path: string;
  body: { body?: string; comments?: { path: string; line: number; body: string }[] } | null;
}

/** A server that answers as GitHub does, with comments of earlier runs, and takes down what is asked of it. */
class FakeGitHub {
  readonly requests: Request[] = [];
  issueComments: { id: number; body: string }[] = [];
  reviewComments: { id: number; body: string }[] = [];
  files: { filename: string; patch: string }[] = [];
  /** Status of every answer that would change something. */
  refuses: number | null = null;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
  }

  /** Returns the requests that changed something. */
  get changes(): Request[] {
    return this.requests.filter(({ method }) => method !== 'GET');
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    let text = '';
    for await (const part of request) text += String(part);
    const path = request.url!.replace('/repos/acme/orders/', '').replace(/\?.*/, '');
    const method = request.method!;
    this.requests.push({ method, path, body: text === '' ? null : (JSON.parse(text) as Request['body']) });
    if (request.headers.authorization !== 'Bearer secret-token')
      return { status: 401, body: { message: 'Bad credentials' } };
    if (method !== 'GET')
      return this.refuses === null
        ? { status: 200, body: {} }
        : { status: this.refuses, body: { message: 'Resource not accessible by integration' } };
    if (path === 'pulls/7/files') return { status: 200, body: this.files };
    return { status: 200, body: path === 'issues/7/comments' ? this.issueComments : this.reviewComments };
  }
}

let gitHub: FakeGitHub;
beforeEach(async () => {
  gitHub = new FakeGitHub();
  await gitHub.listen();
});
afterEach(() => gitHub.close());

/** A checkout of the service with the report of a run in it, and the files of its pull request as GitHub lists them. */
interface Checkout {
  cwd: string;
  files: FakeGitHub['files'];
}

let broken: Checkout;
let intact: Checkout;
beforeAll(async () => {
  broken = await checkedOut((text) =>
    text.replace(BOOK, `await activities.verifyAddress({ address });\n    ${BOOK}`),
  );
  intact = await checkedOut((text) => text);
});

async function checkedOut(change: (text: string) => string): Promise<Checkout> {
  const cwd = scratchDirectory();
  cpSync(join(ROOT, 'examples/order-service/src'), join(cwd, 'src'), { recursive: true });
  initRepository(cwd);
  commitAll(cwd, 'as it was');
  writeFileSync(join(cwd, FILE), change(readFileSync(join(cwd, FILE), 'utf8')));
  writeFileSync(
    join(cwd, 'event.json'),
    JSON.stringify({ pull_request: { number: 7, head: { sha: 'c0ffee' } } }),
  );
  const patch = git(cwd, 'diff', '--unified=40', '--', FILE);
  const args = [
    join(ROOT, 'histories/shipOrder'),
    '--workflows-path',
    'src/workflows/index.ts',
    '--no-cache',
  ];
  await replayInHost(['run', ...args, '--reporter', 'json=report.json', '--advice-timeout', '60s'], { cwd });
  return { cwd, files: [{ filename: FILE, patch: patch.slice(Math.max(0, patch.indexOf('@@'))) }] };
}

/** Returns where the command runs, for the job of a pull request. */
function jobIn({ cwd, files }: Checkout): { cwd: string; env: NodeJS.ProcessEnv } {
  gitHub.files = files;
  const env = {
    GITHUB_API_URL: gitHub.url,
    GITHUB_REPOSITORY: 'acme/orders',
    GITHUB_EVENT_PATH: join(cwd, 'event.json'),
    GITHUB_WORKSPACE: cwd,
    GITHUB_TOKEN: 'secret-token',
  };
  return { cwd, env };
}

describe('replay comment', () => {
  it('creates one comment, and suggests the change on its lines', async () => {
    const { cwd, env } = jobIn(broken);

    const run = await replayInHost(['comment', 'report.json'], { cwd, env });

    expect(run).toMatchObject({ code: 0, stdout: '' });
    expect(run.stderr).toContain('The comment was created on pull request 7; on its lines 2 added');
    const [created, review] = gitHub.changes;
    expect(created).toMatchObject({ method: 'POST', path: 'issues/7/comments' });
    expect(created!.body!.body).toMatch(/^<!-- temporal-replay -->\n## ❌ Temporal replay\n/);
    expect(review).toMatchObject({
      method: 'POST',
      path: 'pulls/7/reviews',
      body: { commit_id: 'c0ffee', event: 'COMMENT' },
    });
    const [wrap] = review!.body!.comments!;
    expect(wrap!.path).toBe(FILE);
    expect(wrap!.body).toContain("```suggestion\n    if (patched('add-verify-address')) {");
  });

  it('edits its comment, keeps what still holds and removes what does not', async () => {
    const { cwd, env } = jobIn(broken);
    await replayInHost(['comment', 'report.json'], { cwd, env });
    const { comments } = gitHub.changes[1]!.body!;
    gitHub.issueComments = [
      { id: 1, body: 'a question' },
      { id: 2, body: '<!-- temporal-replay -->\nold' },
    ];
    gitHub.reviewComments = [
      { id: 3, body: comments![0]!.body },
      { id: 4, body: 'old <!-- temporal-replay 0123456789abcdef -->' },
      { id: 5, body: 'of a person' },
    ];
    gitHub.requests.length = 0;

    const run = await replayInHost(['comment', 'report.json'], { cwd, env });

    expect(run.stderr).toContain('updated on pull request 7; on its lines 1 added, 1 kept, 1 removed');
    expect(gitHub.changes.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PATCH issues/comments/2',
      'DELETE pulls/comments/4',
      'POST pulls/7/reviews',
    ]);
  });

  it('keeps comments whose finding is not in the report of a run that did not end', async () => {
    const { cwd, env } = jobIn(intact);
    const report = JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8')) as object;
    writeFileSync(join(cwd, 'unfinished.json'), JSON.stringify({ ...report, status: 'interrupted' }));
    gitHub.reviewComments = [{ id: 4, body: 'old <!-- temporal-replay 0123456789abcdef -->' }];

    const run = await replayInHost(['comment', 'unfinished.json'], { cwd, env });

    expect(run.code).toBe(0);
    expect(gitHub.changes.map(({ method }) => method)).toEqual(['POST']);
  });

  it('says nothing on a pull request that breaks nothing', async () => {
    const { cwd, env } = jobIn(intact);

    const run = await replayInHost(['comment', 'report.json'], { cwd, env });

    expect(run.code).toBe(0);
    expect(gitHub.changes).toEqual([]);
  });

  it('names what a refusal of GitHub needs, and does not print the token', async () => {
    const { cwd, env } = jobIn(broken);
    gitHub.refuses = 403;

    const run = await replayInHost(['comment', 'report.json'], { cwd, env });

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('Resource not accessible by integration (403)');
    expect(run.stderr).toContain('pull-requests: write');
    expect(run.stderr).not.toContain('secret-token');
  });

  it('comments on nothing for a job that runs for no pull request, and outside of a job', async () => {
    const cwd = scratchDirectory();
    writeFileSync(join(cwd, 'event.json'), '{}');
    const report = {
      schemaVersion: 1,
      status: 'complete',
      results: [],
      groups: [],
      summary: null as unknown,
    };
    const counts = { compatible: 0, incompatible: 0, failed: 0, drifted: 0, timeout: 0, invalid: 0 };
    report.summary = { histories: 0, ...counts, events: 0, durationMs: 0, uncoveredTypes: [] };
    writeFileSync(join(cwd, 'report.json'), JSON.stringify(report));

    const pushed = await replayInHost(['comment', 'report.json'], {
      cwd,
      env: { GITHUB_REPOSITORY: 'acme/orders', GITHUB_EVENT_PATH: join(cwd, 'event.json') },
    });
    const elsewhere = await replayInHost(['comment', 'report.json'], { cwd, env: { GITHUB_REPOSITORY: '' } });

    expect(pushed).toMatchObject({ code: 0 });
    expect(pushed.stderr).toContain('no pull request');
    expect(elsewhere).toMatchObject({ code: 2 });
    expect(elsewhere.stderr).toContain('[USAGE]');
  });
});
