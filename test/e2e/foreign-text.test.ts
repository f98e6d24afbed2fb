import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FORGED, faultsOf } from '../attack/hostile-texts';
import { listing, startFakeCluster } from '../helpers/fake-cluster';
import { ROOT, replay, scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

const SMALL = join(ROOT, 'test/services/small');
const KEY = 'SECRETKEY123';
const HOSTILE = `::error::a ##[error]b ##vso[c]d \u001b[2J\u202e\u0085\u200b &x; <b>\n${FORGED}\r\n  ::stop-commands::t\n##[add-mask]e`;

/** A directory with hostile text wherever a command may read it. */
function hostileDirectory(): string {
  const directory = scratchDirectory();
  const history = JSON.parse(readFileSync(join(SMALL, 'histories/c1.json'), 'utf8')) as { events: object[] };
  mkdirSync(join(directory, 'histories'));
  writeFileSync(join(directory, 'histories', `${HOSTILE}.json`), JSON.stringify(withHostileTexts(history)));
  writeFiles(directory, {
    'throws.config.js': `setTimeout(() => { throw new Error(${JSON.stringify(HOSTILE)}); });\nmodule.exports = new Promise(() => setTimeout(() => {}, 60_000));`,
    'fails.config.js': `throw new Error(${JSON.stringify(HOSTILE)});`,
    'baseline.json': {
      schemaVersion: 1,
      entries: [
        {
          ...{ fingerprint: '0123456789abcdef', workflowType: HOSTILE, workflowId: HOSTILE, runId: HOSTILE },
          ...{ file: HOSTILE, verdict: 'failed', headline: HOSTILE, reason: HOSTILE, expires: '2999-01-01' },
        },
      ],
    },
  });
  return directory;
}

/** Puts hostile text into the names, ids and messages of a history, but leaves those by which core follows it. */
const withHostileTexts = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string')
    return ['workflowId', 'identity', 'message', 'stackTrace', 'signalName', 'name'].includes(key)
      ? `${value} ${HOSTILE}`
      : value;
  if (Array.isArray(value)) return value.map((one) => withHostileTexts(one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withHostileTexts(one, name)]));
};

describe('hostile text', () => {
  const directory = hostileDirectory();
  const code = ['--workflows-path', join(SMALL, 'workflows.ts')];
  const commands: Record<string, { args: string[]; exits: number }> = {
    run: { args: ['run', 'histories', ...code], exits: 1 },
    show: { args: ['show', 'histories', '--no-hide-values'], exits: 0 },
    'show --json': { args: ['show', 'histories', '--json'], exits: 0 },
    'baseline list': { args: ['baseline', 'list', '--baseline', 'baseline.json'], exits: 0 },
    init: { args: ['init', '--dry-run'], exits: 2 },
    'a path': { args: ['show', `no ${HOSTILE}`], exits: 2 },
    'an argument': { args: ['show', 'histories', `--${HOSTILE}`], exits: 2 },
    'a config that fails': { args: ['run', 'histories', '--config', 'fails.config.js'], exits: 2 },
    'an error that no code catches': { args: ['run', 'histories', '--config', 'throws.config.js'], exits: 2 },
  };

  it.each(Object.entries(commands))('stays harmless in the output of: %s', async (name, { args, exits }) => {
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: undefined, FORCE_COLOR: undefined };

    const { stdout, stderr, code: exitCode } = await replay(args, { cwd: directory, env });

    const isForPeople = name !== 'show --json';
    expect([...faultsOf(stdout, { isForPeople }), ...faultsOf(stderr)]).toEqual([]);
    expect(`${stdout}${stderr}`).toMatch(name === 'init' ? /./ : /FORGED|error/);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: exits });
  });

  it('stays harmless when it comes from a cluster, which does not get the API key into a message', async () => {
    const run = { workflowId: `a ${HOSTILE}`, runId: `b ${HOSTILE}` };
    const cluster = await startFakeCluster({
      ListWorkflowExecutions: (call) =>
        call === 1 ? listing([run]) : { code: 7, details: `Bearer ${KEY} ${HOSTILE}` },
    });
    const args = ['fetch', '--address', cluster.address, '--no-tls', '--query', 'a = 1', '--dry-run'];
    const env = { TEMPORAL_API_KEY: `${KEY}\n` };
    try {
      const listed = await replay(args, { cwd: directory, env });
      const refused = await replay(args, { cwd: directory, env });

      expect(listed).toMatchObject({ code: 0, stderr: expect.stringMatching(/^new .*FORGED.*FORGED/) });
      expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('Bearer (redacted)') });
      for (const { stdout, stderr } of [listed, refused])
        expect([...faultsOf(stdout), ...faultsOf(stderr)]).toEqual([]);
      expect(refused.stderr).not.toContain(KEY);
    } finally {
      cluster.stop();
    }
  });
});
