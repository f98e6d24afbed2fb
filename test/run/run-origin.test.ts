import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOrigin } from '../../src/run/run-origin';
import { filesUrlOf, repositoryUrl } from '../../src/run/repository-url';

describe('repositoryUrl', () => {
  it.each([
    ['https://user:secret@github.com/acme/orders.git', 'https://github.com/acme/orders'],
    ['https://x-access-token:ghs_abc@github.com/acme/orders', 'https://github.com/acme/orders'],
    ['git@github.com:acme/orders.git', 'https://github.com/acme/orders'],
    ['ssh://git@git.example.com:2222/acme/orders.git', 'https://git.example.com/acme/orders'],
    ['http://git.example.com:8080/acme/orders/?token=x', 'http://git.example.com:8080/acme/orders'],
    ['/srv/git/orders.git', null],
    ['C:/git/orders.git', null],
    ['file:///srv/git/orders.git', null],
  ])('turns the remote %s into %s', (address, expected) => {
    expect(repositoryUrl(`remote.origin.url ${address}\n`)).toBe(expected);
  });

  it('prefers origin to other remotes', () => {
    const remotes =
      'remote.fork.url https://github.com/me/orders\nremote.origin.url https://github.com/a/b\n';

    expect(repositoryUrl(remotes)).toBe('https://github.com/a/b');
  });
});

describe('filesUrlOf', () => {
  it('knows the pages of files on GitHub and GitLab, and of no other host', () => {
    expect(filesUrlOf('https://github.com/a/b', 'c0ffee')).toBe('https://github.com/a/b/blob/c0ffee');
    expect(filesUrlOf('https://gitlab.com/a/b', 'c0ffee')).toBe('https://gitlab.com/a/b/-/blob/c0ffee');
    expect(filesUrlOf('https://git.example.com/a/b', 'c0ffee')).toBeNull();
  });
});

describe('runOrigin', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'origin-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
      cwd: root,
      encoding: 'utf8',
    }).trim();

  function repository(): string {
    git('init', '-q', '-b', 'main');
    git('remote', 'add', 'origin', 'https://user:secret@github.com/acme/orders.git');
    writeFileSync(join(root, 'a.ts'), '1');
    git('add', '.');
    git('commit', '-qm', 'first');
    mkdirSync(join(root, 'packages/orders'), { recursive: true });
    return git('rev-parse', 'HEAD');
  }

  it('names the branch, the commit and the directory of the repository, without credentials', async () => {
    const commit = repository();

    const { repository: found, job } = await runOrigin(join(root, 'packages/orders'), {});

    expect(found).toEqual({
      url: 'https://github.com/acme/orders',
      branch: 'main',
      commit,
      isModified: false,
      directory: 'packages/orders',
      filesUrl: `https://github.com/acme/orders/blob/${commit}`,
    });
    expect(job).toBeNull();
  });

  it('tells changes of tracked files', async () => {
    repository();
    writeFileSync(join(root, 'a.ts'), '2');

    expect((await runOrigin(root, {})).repository).toMatchObject({ isModified: true, directory: '' });
  });

  it('prefers the branch, the commit and the job of a CI runner', async () => {
    repository();
    git('checkout', '-q', '--detach');
    const env = {
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_REPOSITORY: 'acme/orders',
      GITHUB_RUN_ID: '7',
      GITHUB_HEAD_REF: 'feature',
      GITHUB_SHA: 'c0ffee',
    };

    const { repository: found, job } = await runOrigin(root, env);

    expect(found).toMatchObject({ url: 'https://github.example.com/acme/orders', branch: 'feature' });
    expect(found).toMatchObject({ filesUrl: 'https://github.example.com/acme/orders/blob/c0ffee' });
    expect(job).toBe('https://github.example.com/acme/orders/actions/runs/7');
  });

  it('works without git and before the first commit', async () => {
    expect((await runOrigin(root, {})).repository).toBeNull();
    git('init', '-q', '-b', 'main');

    expect((await runOrigin(root, {})).repository).toMatchObject({ branch: 'main', commit: null, url: null });
  });

  it('names the versions of this package, of the SDK and of Node', async () => {
    const { versions, startedAt } = await runOrigin(root, {});

    expect(versions).toEqual({
      tool: expect.stringMatching(/^\d+\.\d+\.\d+/),
      sdk: expect.stringMatching(/^1\./),
      node: process.versions.node,
    });
    expect(new Date(startedAt).toISOString()).toBe(startedAt);
  });
});
