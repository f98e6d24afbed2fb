import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { changelogSection } from '../../scripts/changelog-section';
import { ROOT } from '../helpers/replay-cli';

const CHANGELOG = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-01-02

### Fixed

- A loop.

## [1.1.0-rc.1] - 2026-01-01

- A candidate.

[1.1.0]: https://example.invalid/v1.1.0
`;

function print(version: string): { status: number | null; stdout: string; stderr: string } {
  const args = ['-r', 'esbuild-register', join(ROOT, 'scripts/changelog-section.ts'), version];
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
}

describe('the section of a version in the changelog', () => {
  it('is the text between its heading and the next one', () => {
    expect(changelogSection(CHANGELOG, '1.1.0')).toBe('### Fixed\n\n- A loop.\n');
  });

  it('is that of exactly this version, without the links at the end of the file', () => {
    expect(changelogSection(CHANGELOG, '1.1.0-rc.1')).toBe('- A candidate.\n');
  });

  it.each([
    ['there is none', '1.2.0', 'CHANGELOG.md has no section [1.2.0].'],
    ['it is empty', 'Unreleased', 'The section [Unreleased] of CHANGELOG.md is empty.'],
  ])('is an error if %s', (_, version, message) => {
    expect(() => changelogSection(CHANGELOG, version)).toThrow(message);
  });

  it('is printed for the version of package.json, given as the tag of its release', () => {
    const { version } = jest.requireActual<{ version: string }>('../../package.json');

    const { status, stdout } = print(`v${version}`);

    expect(status).toBe(0);
    expect(stdout).toContain('### ');
  });

  it('fails the release if the version has none', () => {
    const { status, stderr } = print('v99.0.0');

    expect(status).toBe(1);
    expect(stderr).toContain('CHANGELOG.md has no section [99.0.0].');
  });
});
