import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { github } from '../../../src/report/reporters/github';
import { SAMPLE, UNPRINTABLE, manyGroups } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

const IN_PACKAGE = { cwd: '/repo/packages/orders', env: { GITHUB_WORKSPACE: '/repo' } };

describe('the github reporter', () => {
  it('annotates the source line of each cause once, from the root of the checkout', async () => {
    const lines = (await shownBy(github, SAMPLE, IN_PACKAGE)).trimEnd().split('\n');

    expect(lines).toHaveLength(SAMPLE.groups.length);
    expect(lines[0]).toMatch(
      /^::error file=packages\/orders\/src\/workflows\.ts,line=12,col=9,title=incompatible%3A .*::500 histories of processOrder \(3 open\)\.%0A/,
    );
    expect(lines[4]).toMatch(/^::warning file=packages\/orders\/src\/helpers%2C shared\.ts,line=3,col=1,/);
  });

  it('writes a notice for what the baseline accepts, and no file without a place in the source', async () => {
    const lines = (await shownBy(github, SAMPLE)).split('\n');

    expect(lines[2]).toMatch(
      /^::notice title=timeout%3A The replay does not end::The replay does not end%0A/,
    );
  });

  it('keeps hostile text within a single command', async () => {
    const lines = (await shownBy(github, SAMPLE)).trimEnd().split('\n');

    expect(lines.every((line) => /^::(error|warning|notice) /.test(line))).toBe(true);
    expect(lines[1]).toContain('%250A%0A::error::x');
    expect(lines[1]).not.toMatch(UNPRINTABLE);
  });

  it('writes at most the ten annotations of each level that the runner shows', async () => {
    const shown = await shownBy(github, manyGroups(30));

    expect(shown.trimEnd().split('\n')).toHaveLength(10);
  });

  it('appends a job summary, and leaves out causes beyond its limit of 1 MiB', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'replay-github-'));
    const path = join(directory, 'summary.md');
    writeFileSync(path, 'before\n');

    await shownBy(github, manyGroups(6000), { env: { GITHUB_STEP_SUMMARY: path } });

    const text = readFileSync(path, 'utf8');
    const { size } = statSync(path);
    rmSync(directory, { recursive: true });
    expect(text).toMatch(/^before\n## ❌ Temporal replay\n/);
    expect(text).toMatch(/\n\d+ more causes are left out here/);
    expect(size).toBeLessThanOrEqual(1024 * 1024);
    expect(size).toBeGreaterThan(1024 * 1024 - 8000);
  });
});
