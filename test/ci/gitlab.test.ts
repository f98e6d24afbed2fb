/** Tests templates/gitlab-ci.yml by running its script as GitLab's runner would. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../helpers/replay-cli';
import { ciService } from './service';

interface Template {
  variables: Record<string, string>;
  cache: { paths: string[] }[];
  script: string[];
  artifacts: { when: string; expose_as: string; paths: string[]; reports: { junit: string } };
  rules: { if: string }[];
}

const file = parse(readFileSync(join(ROOT, 'templates/gitlab-ci.yml'), 'utf8')) as Record<string, unknown>;
const template = file['.temporal-replay'] as Template;
const merging = file['.temporal-replay-merge'] as Template & { needs: string[] };

/** Runs the lines of a job's script in one shell, which ends at the first failure. */
function runScript(
  project: string,
  variables: Record<string, string> = {},
  { script }: Pick<Template, 'script'> = template,
): { code: number | null; log: string } {
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', script.join('\n')], {
    cwd: project,
    encoding: 'utf8',
    env: {
      ...process.env,
      GITLAB_CI: 'true',
      CI: 'true',
      CI_PROJECT_DIR: project,
      ...template.variables,
      ...variables,
    },
  });
  return { code: status, log: stdout + stderr };
}

describe('templates/gitlab-ci.yml', () => {
  it('has a job that extends a hidden one, so that users can extend either', () => {
    expect(Object.keys(file)).toEqual(['.temporal-replay', '.temporal-replay-merge', 'temporal-replay']);
    expect(merging.needs).toEqual(['temporal-replay']);
    expect(file['temporal-replay']).toEqual({ extends: '.temporal-replay' });
  });

  it('keeps its artifacts when it fails, in a folder that GitLab can show', () => {
    const { when, expose_as, paths, reports } = template.artifacts;

    expect({ when, expose_as }).toEqual({ when: 'always', expose_as: 'Replay report' });
    // GitLab allows neither variables nor wildcards with expose_as.
    expect(paths.filter((path) => /[$*]/.test(path))).toEqual([]);
    expect(reports.junit.startsWith(paths[0]!)).toBe(true);
  });

  it('runs in merge requests and on the default branch', () => {
    expect(template.rules.map((rule) => rule.if)).toEqual([
      '$CI_PIPELINE_SOURCE == "merge_request_event"',
      '$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH',
    ]);
  });

  it('succeeds if all histories pass, with artifacts and cache where the job names them', () => {
    const project = ciService();

    const { code, log } = runScript(project, { REPLAY_ARGS: '--strict --timeout 60s' });

    expect({ code, log: code === 0 ? '' : log }).toEqual({ code: 0, log: '' });
    expect(existsSync(join(project, template.cache[1]!.paths[0]!))).toBe(true);
    expect(existsSync(join(project, template.artifacts.reports.junit))).toBe(true);
  });

  it('fails if a history fails, also in another folder', () => {
    const project = ciService('broken');

    const { code, log } = runScript(project, {
      REPLAY_DIRECTORY: 'src',
      REPLAY_ARGS: '--config ../replay.config.json',
    });

    expect(log).toContain('2 incompatible');
    expect(code).toBe(1);
  });

  it('replays parts of the histories in parallel jobs, and judges the whole after them', () => {
    const project = ciService('broken');
    const total = { CI_NODE_TOTAL: '2' };

    const parts = ['1', '2'].map((index) => runScript(project, { ...total, CI_NODE_INDEX: index }));
    const merged = runScript(project, {}, merging);

    expect(parts.map(({ log }) => /part (\d of \d)/.exec(log)?.[1])).toEqual(['1 of 2', '2 of 2']);
    expect(merged.log).toContain('7 histories: 5 compatible, 2 incompatible');
    expect(merged.code).toBe(1);
  });

  it('reports that the package is not installed', () => {
    const project = ciService();
    rmSync(join(project, 'node_modules'), { recursive: true });

    const { code, log } = runScript(project);

    expect(log).toContain('temporal-replay is not installed');
    expect(code).toBe(2);
  });
});
