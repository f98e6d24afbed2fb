import { execFileSync, spawnSync } from 'node:child_process';
import { ROOT } from '../helpers/replay-cli';

const status = (): string => execFileSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });

describe('npm run demo', () => {
  it('shows green, red and green again, and leaves the working tree as it was', () => {
    const before = status();

    // `npm run demo` without its build, which would replace lib/ while other tests run it.
    const demo = spawnSync(process.execPath, ['-r', 'esbuild-register', 'demo/main.ts'], {
      cwd: ROOT,
      encoding: 'utf8',
    });

    expect(demo.status).toBe(0);
    const totals = [...demo.stdout.matchAll(/^\d+ histories: .*?(?= \()/gm)].map((match) => match[0]);
    expect(totals).toEqual([
      '6 histories: 6 compatible',
      '6 histories: 2 compatible, 4 incompatible',
      '6 histories: 6 compatible',
    ]);
    expect(status()).toBe(before);
  }, 600_000);
});
