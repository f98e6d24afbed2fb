import { execFileSync } from 'node:child_process';

/** Runs git in a directory, with an author of its own and without the settings of this machine. */
export function git(directory: string, ...args: string[]): string {
  const identity = [
    '-c',
    'user.name=Test',
    '-c',
    'user.email=test@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', [...identity, ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
}

export function initRepository(directory: string): void {
  git(directory, 'init', '--quiet', '--initial-branch=main');
}

export function commitAll(directory: string, message: string): void {
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message', message);
}
