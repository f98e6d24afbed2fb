import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosedReport } from '../../src/model/report';
import {
  ROOT,
  type CliResult,
  replay,
  replayInHost,
  reportOf,
  scratchDirectory,
  writeEdited,
} from '../helpers/replay-cli';
import { soon } from '../helpers/soon';

const HISTORIES = join(ROOT, 'test/services/small/histories');
const WORKFLOWS = join(ROOT, 'test/services/small/workflows.ts');

/** Long enough for the small histories on a busy machine, each of which takes some 10 ms of a processor. */
const LOOP_TIMEOUT = '5s';
/** The history whose workflow the tests let loop. Alone, it is the first of its process, and is replayed once. */
const LOOPING = join(HISTORIES, 'p1.json');

type Edits = readonly (readonly [string, string])[];

/** Returns the path of a copy of the workflows with these edits, or that of the workflows, whose bundle is cached, without any. */
function editedWorkflows(edits: Edits): string {
  if (edits.length === 0) return WORKFLOWS;
  const workflows = join(scratchDirectory(), 'workflows.ts');
  writeEdited(WORKFLOWS, workflows, edits);
  return workflows;
}

const runCode = (workflows: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<CliResult> =>
  replayInHost(['run', HISTORIES, '--workflows-path', workflows, '--reporter', 'json', ...args], { env });

const runEdited = (edits: Edits, args: string[] = []): Promise<CliResult> =>
  runCode(editedWorkflows(edits), args);

/** Runs the same edited code without and with further arguments. */
async function runWithAndWithout(edits: Edits, args: string[]): Promise<[CliResult, CliResult]> {
  const workflows = editedWorkflows(edits);
  return [await runCode(workflows), await runCode(workflows, args)];
}

const verdicts = (run: CliResult): Record<string, string> =>
  Object.fromEntries(reportOf(run).results.map((result) => [result.workflowId!, result.verdict]));

/** Returns a column of `ps` for the children of a process, or an empty array if it has none. */
function ofChildren(column: 'pid' | 'cputimes', pid: number): string[] {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '--ppid', String(pid)])
      .toString()
      .trim()
      .split(/\s+/);
  } catch {
    return [];
  }
}

const childrenOf = (pid: number): string[] => ofChildren('pid', pid);

/** Returns true if a child has used more processor time than loading and a few small histories take (a second or two). */
const isLooping = (pid: number): boolean =>
  ofChildren('cputimes', pid).some((seconds) => Number(seconds) >= 4);

function isAlive(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

describe('replay run, on unchanged code', () => {
  it('finds every history compatible, verifies all of each, and exits 0', async () => {
    const run = await runEdited([]);

    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    const { results, summary } = reportOf(run);
    expect(summary).toMatchObject({ histories: 7, compatible: 7, events: 273, uncoveredTypes: [] });
    expect(results.map((result) => result.verifiedEvents)).toEqual(results.map((result) => result.events));
  });

  it('gives condition(fn, timeout) the same verdict with the promise hook switched off', async () => {
    const [fast, slow] = await runWithAndWithout([], ['--no-fast']);

    expect(verdicts(fast)).toEqual(verdicts(slow));
    expect(verdicts(fast)).toMatchObject({ s1: 'compatible', s2: 'compatible' });
  });

  it('reads a history from standard input', async () => {
    const stdin = readFileSync(join(HISTORIES, 'm3.json'), 'utf8');

    const run = await replay(['run', '-', '--workflows-path', WORKFLOWS, '--reporter', 'json'], { stdin });

    expect(reportOf(run).results).toMatchObject([{ file: '-', workflowId: 'm3', verdict: 'compatible' }]);
  });

  it('writes the report to --output, and nothing to standard output', async () => {
    const output = join(scratchDirectory(), 'report.json');

    const run = await runEdited([], ['--output', output]);

    expect(run.stdout).toBe('');
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({
      schemaVersion: 1,
      status: 'complete',
      summary: { compatible: 7 },
    });
  });
});

describe('replay run, when one history kills its process', () => {
  it('gives an endless loop the verdict timeout, and the other histories theirs', async () => {
    const run = await runEdited(
      [["if (wf.patched('p1')) {", "for (;;);\n  if (wf.patched('p1')) {"]],
      ['--timeout', LOOP_TIMEOUT],
    );

    expect(run.code).toBe(1);
    expect(verdicts(run)).toEqual({
      p1: 'timeout',
      s1: 'compatible',
      s2: 'compatible',
      c1: 'compatible',
      w1: 'compatible',
      m3: 'compatible',
      m22: 'compatible',
    });
    expect(reportOf(run).results.find((result) => result.workflowId === 'p1')).toMatchObject({
      workflowType: 'patchy',
      events: 18,
      error: { code: 'TIMEOUT' },
    });
  });

  it.each([
    ['a loop that only waits for itself', 'for (;;) await Promise.resolve(n++);', 'for (;;)', 'spin'],
    [
      'a loop in a package that the code calls',
      'wf.workflowInfo().memo, [..."a".repeat(9)].sort(() => { for (;;) n++; });',
      'for (;;)',
      'spin',
    ],
  ])('shows the place of %s', async (_, loop, line, caller) => {
    const workflows = editedWorkflows([
      ["if (wf.patched('p1')) {", "await spin();\n  if (wf.patched('p1')) {"],
      [
        'export async function patchy',
        `async function spin() {\n  let n = 0;\n  ${loop}\n}\n\nexport async function patchy`,
      ],
    ]);

    const run = await replayInHost([
      ...['run', LOOPING, '--workflows-path', workflows, '--reporter', 'json', '--timeout', '2s'],
    ]);

    const [group] = reportOf(run).groups;
    const lines = readFileSync(workflows, 'utf8').split('\n');
    expect(group).toMatchObject({ verdict: 'timeout', kind: 'endless' });
    expect(lines[group!.location!.line - 1]).toContain(line);
    expect([group!.location, ...group!.callers].map((place) => place!.function)).toContain(caller);
    expect(group!.codeFrame).toContain(line);
  });

  it('gives a history that runs out of memory the verdict failed, and the other histories theirs', async () => {
    const hog = 'const hog: unknown[] = [];\n  for (;;) hog.push(new Array(1e6).fill(hog.length));\n  ';

    const workflows = editedWorkflows([["if (wf.patched('p1')) {", `${hog}if (wf.patched('p1')) {`]]);
    // A small heap makes the test shorter.
    const run = await runCode(workflows, ['--timeout', '10m'], {
      NODE_OPTIONS: '--max-old-space-size=512',
    });

    expect(run.code).toBe(1);
    expect(verdicts(run)).toMatchObject({ p1: 'failed', s1: 'compatible', m22: 'compatible' });
    expect(reportOf(run).results.find((result) => result.workflowId === 'p1')!.error!.code).toBe(
      'PROCESS_DIED',
    );
  });

  it('stops on Ctrl-C without waiting for the timeout, leaves no process, and prints the results so far', async () => {
    const workflows = editedWorkflows([["if (wf.patched('p1')) {", "for (;;);\n  if (wf.patched('p1')) {"]]);
    const run = replay([
      'run',
      HISTORIES,
      '--workflows-path',
      workflows,
      '--reporter',
      'json',
      '--concurrency',
      '1',
      // Longer than the time limit of the test.
      '--timeout',
      '10m',
    ]);
    await soon(() => expect(isLooping(run.child.pid!)).toBe(true));
    const children = childrenOf(run.child.pid!);

    run.child.kill('SIGINT');
    const result = await run;

    expect(result.code).toBe(130);
    expect(children.length).toBeGreaterThan(0);
    expect(children.filter(isAlive)).toEqual([]);
    expect(verdicts(result)).toEqual({ c1: 'compatible', m22: 'compatible', m3: 'compatible' });
    expect(result.stderr).toContain('Interrupted after 3 histories');
    expect(reportOf(result).status).toBe('interrupted');
  });
});

describe('replay run, killed', () => {
  it('takes a process along that is in an endless loop', async () => {
    const workflows = editedWorkflows([["if (wf.patched('p1')) {", "for (;;);\n  if (wf.patched('p1')) {"]]);
    const run = replay(['run', LOOPING, '--workflows-path', workflows, '--timeout', '10m']);
    await soon(() => expect(isLooping(run.child.pid!)).toBe(true));
    const children = childrenOf(run.child.pid!);

    run.child.kill('SIGKILL');
    await run;

    expect(children.length).toBeGreaterThan(0);
    await soon(() => expect(children.filter(isAlive)).toEqual([]));
  });
});

describe('replay run, stopped while its bundle is being built', () => {
  it('ends with its processes on one signal to the parent alone', async () => {
    const run = replay(['run', HISTORIES, '--workflows-path', WORKFLOWS, '--no-cache', '--reporter', 'json']);
    // The replay processes start while the bundle is being built.
    await soon(() => expect(childrenOf(run.child.pid!)).not.toEqual([]));
    const children = childrenOf(run.child.pid!);

    run.child.kill('SIGTERM');
    const result = await run;

    // On a busy machine, webpack keeps the main thread busy for so long that the process ends by the signal.
    expect(result.signal ?? result.code).toBe(result.signal === null ? 143 : 'SIGTERM');
    await soon(() => expect(children.filter(isAlive)).toEqual([]));
  });
});

describe('replay run, with bad input', () => {
  it.each([
    ['an unknown flag', ['run', '--bogus'], 'Unknown argument: bogus. [USAGE]'],
    [
      'a mistyped flag',
      ['run', '--workflow-path', 'x.ts'],
      'Unknown argument: workflow-path. Did you mean --workflows-path? [USAGE]',
    ],
    ['a mistyped command', ['rum'], 'Unknown command: rum. Did you mean run? [USAGE]'],
    ['no histories to show', ['show'], 'replay show is missing an argument. [USAGE]'],
    ['no code', ['run', HISTORIES], 'Nothing says where the workflow code is. [CONFIG_INVALID]'],
    [
      'a missing workflows path',
      ['run', HISTORIES, '--workflows-path', 'nowhere.ts'],
      'there is no file nowhere.ts',
    ],
    ['a missing directory', ['run', 'nowhere', '--workflows-path', WORKFLOWS], 'NO_HISTORIES'],
    ['a bad timeout', ['run', HISTORIES, '--workflows-path', WORKFLOWS, '--timeout', 'soon'], 'not "soon"'],
    ['a missing config file', ['run', '--config', 'nowhere.ts'], 'There is no config file nowhere.ts'],
    [
      'too few histories',
      ['run', HISTORIES, '--workflows-path', WORKFLOWS, '--min-histories', '8'],
      'There are 7 histories, and --min-histories asks for 8.',
    ],
    [
      'a required type that no history covers',
      ['run', HISTORIES, '--workflows-path', WORKFLOWS, '--require-types', 'simple,refund'],
      'required types refund',
    ],
  ])('reports %s in one line and exits 2', async (_, args, message) => {
    const run = await replayInHost(args, { cwd: ROOT });

    expect(run.stderr).toContain(message);
    expect(run.code).toBe(2);
  });

  it('gives an unreadable file the verdict invalid and exits 2, or 1 if another history fails', async () => {
    const directory = scratchDirectory();
    cpSync(HISTORIES, directory, { recursive: true });
    writeFileSync(join(directory, 'broken.json'), '{"events":[{');
    symlinkSync('/dev/zero', join(directory, 'endless.json'));

    const clean = await replayInHost(['run', directory, '--workflows-path', WORKFLOWS, '--reporter', 'json']);
    const workflows = join(directory, 'code/workflows.ts');
    writeEdited(WORKFLOWS, workflows, [['await act(i);', 'await act2(i);']]);
    const broken = await replayInHost([
      'run',
      directory,
      '--workflows-path',
      workflows,
      '--reporter',
      'json',
    ]);

    expect(clean.code).toBe(2);
    expect(reportOf(clean).summary).toMatchObject({ histories: 9, compatible: 7, invalid: 2 });
    expect(broken.code).toBe(1);
    expect(reportOf(broken).summary).toMatchObject({ compatible: 5, incompatible: 2, invalid: 2 });
  });

  it('gives all histories the verdict failed if the bundle cannot be built, with the place in the source', async () => {
    const run = await runEdited([['export async function many(', 'export async funct many(']]);

    expect(run.code).toBe(1);
    expect(reportOf(run).summary.failed).toBe(7);
    expect(reportOf(run).results[0]!.error).toMatchObject({ code: 'BUNDLE_FAILED' });
    expect(reportOf(run).results[0]!.error!.message).toMatch(/ERROR in .*workflows\.ts/);
  });

  it.each([
    ['cannot be loaded', "throw new Error('no key');", 'cannot be loaded: no key'],
    [
      'is a factory',
      'export async function makeDataConverter() { return {}; }',
      'Add this line to it: export const dataConverter = makeDataConverter();',
    ],
  ])('ends with one error before it bundles if the data converter %s', async (_, code, message) => {
    const converter = join(scratchDirectory(), 'converter.ts');
    writeFileSync(converter, code);
    const unbuildable = [['export async function many(', 'export async funct many(']] as const;

    const run = await runEdited(unbuildable, ['--data-converter', converter]);

    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain('[CONVERTER_INVALID]');
    expect(run.stderr).toContain(message);
    expect(run.stderr.match(/^replay: /gm)).toHaveLength(1);
  });

  it('tells codecs the namespace of the histories', async () => {
    const converter = join(scratchDirectory(), 'converter.ts');
    const decode = `async (payloads, { namespace }) => {
      if (namespace !== 'payments') throw new Error('no key for ' + namespace);
      return payloads;
    }`;
    writeFileSync(
      converter,
      `export const dataConverter = { payloadCodecs: [{ encode: async (all) => all, decode: ${decode} }] };`,
    );

    const told = await runEdited([], ['--data-converter', converter, '--namespace', 'payments']);
    const other = await runEdited([], ['--data-converter', converter]);

    expect(reportOf(told).summary.compatible).toBe(7);
    expect(JSON.stringify(reportOf(other).results)).toContain('no key for default');
  });

  it('advises a data converter for payloads that a codec encoded', async () => {
    const directory = scratchDirectory();
    const plain = Buffer.from('json/plain').toString('base64');
    const encrypted = Buffer.from('binary/encrypted').toString('base64');
    const history = readFileSync(join(HISTORIES, 'm3.json'), 'utf8').replaceAll(plain, encrypted);
    writeFileSync(join(directory, 'encoded.json'), history);

    const run = await replayInHost(['run', directory, '--workflows-path', WORKFLOWS, '--reporter', 'json']);

    expect(run.code).toBe(2);
    const [group] = (JSON.parse(run.stdout) as DiagnosedReport).groups;
    expect(group).toMatchObject({ verdict: 'failed', kind: 'undecoded', location: null });
    expect(group!.headline).toContain('Unknown encoding: binary/encrypted');
    expect(group!.remedies.map(({ code }) => code)).toEqual(['give-codec']);
  });

  it('takes a codec that cannot decode for no fault of the code, and hides its message', async () => {
    const converter = join(scratchDirectory(), 'converter.ts');
    writeFileSync(converter, CODEC_WITHOUT_KEY);

    const run = await replayInHost([
      ...['run', HISTORIES, '--workflows-path', WORKFLOWS, '--concurrency', '1'],
      ...['--data-converter', converter, '--hide-values'],
    ]);

    expect(run.code).toBe(2);
    expect(run.stdout).not.toMatch(/SECRET|incompatible {2}|patched/);
    expect(run.stdout.match(/^✗/gm)).toHaveLength(1);
    expect(run.stdout).toMatch(/error +PAYLOAD_NOT_DECODED\n/);
    expect(run.stdout).toContain('Check the environment variable PAYLOAD_KEY');
    expect(run.stdout.replace(/\s+/g, ' ')).toContain('codec AesCodec of dataConverter (test/scratch/');
  });

  it('lists the workflow types of the bundle, and the nearest, for a type that it does not have', async () => {
    const run = await runEdited([['export async function waiting(', 'export async function waitting(']]);

    expect(reportOf(run).results.find((result) => result.workflowId === 'w1')).toMatchObject({
      verdict: 'failed',
      error: {
        code: 'UNKNOWN_WORKFLOW_TYPE',
        message:
          'The bundle has no workflow type waiting: it has cancelly, many, patchy, simple, waitting. Did you mean waitting?',
      },
    });
    expect(reportOf(run).summary.uncoveredTypes).toEqual(['waitting']);
  });
});

/** A data converter whose key is not set; the message of its error holds the payload. */
const CODEC_WITHOUT_KEY = `
class AesCodec {
  async encode(payloads: unknown[]) { return payloads; }
  async decode(payloads: { data?: Uint8Array }[]) {
    if (process.env.PAYLOAD_KEY) return payloads;
    throw new Error('PAYLOAD_KEY is not set, SECRET ' + Buffer.from(payloads[0]?.data ?? []).toString());
  }
}
export const dataConverter = { payloadCodecs: [new AesCodec()] };`;

describe('replay run, as a gate', () => {
  const DRIFT = ['wf.sleep(10)', "wf.sleep('10 days')"] as const;

  it('lets drift pass, and fails it with --strict', async () => {
    const [lenient, strict] = await runWithAndWithout([DRIFT], ['--strict']);

    expect([lenient.code, strict.code]).toEqual([0, 1]);
    expect(reportOf(lenient).results.find((result) => result.workflowId === 's2')!.drift).toEqual([
      { eventId: 13, path: 'startToFireTimeout', recorded: '0.01s', produced: '864000s' },
    ]);
  });

  it('lists types without a history, and fails them with --fail-on-uncovered', async () => {
    const extra = [
      'export async function waiting(',
      'export async function novel() {}\nexport async function waiting(',
    ] as const;
    const [listed, failing] = await runWithAndWithout([extra], ['--fail-on-uncovered']);

    expect(reportOf(listed).summary.uncoveredTypes).toEqual(['novel']);
    expect([listed.code, failing.code]).toEqual([0, 1]);
  });
});

describe('replay.config', () => {
  it('sets the options; each history goes to the project whose bundle has its workflow type', async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, 'src'));
    const [all, many] = [
      readFileSync(WORKFLOWS, 'utf8'),
      'export async function many(n: number): Promise<number> {',
    ];
    writeFileSync(join(directory, 'src/first.ts'), all.replace(many, many.replace('export ', '')));
    writeFileSync(
      join(directory, 'src/second.ts'),
      all.replaceAll('export async', 'async').replace(many.replace('export ', ''), many),
    );
    cpSync(HISTORIES, join(directory, 'recorded'), { recursive: true });
    const config = `import { defineConfig } from '${ROOT}/lib/index.js';
export default defineConfig({ histories: ['recorded'], projects: [{ workflowsPath: 'src/first.ts' }, { workflowsPath: 'src/second.ts' }] });`;
    writeFileSync(join(directory, 'replay.config.ts'), config);

    const run = await replayInHost(['run', '--reporter', 'json'], { cwd: directory });

    expect(run.stderr).toBe('');
    expect(reportOf(run).summary).toMatchObject({ compatible: 7, uncoveredTypes: [] });
    // Paths are as in the config file, so that the report is the same on every machine.
    expect(reportOf(run).results.map(({ file }) => file)).toContain('recorded/m3.json');
  });

  it('resolves modules by path or package from its own directory, and flags from the current one', async () => {
    const directory = scratchDirectory();
    const interceptors = (path: string): void => {
      mkdirSync(join(directory, path), { recursive: true });
      writeFileSync(join(directory, path, 'index.js'), 'exports.interceptors = () => ({});');
    };
    interceptors('service/node_modules/packaged-interceptors');
    interceptors('service/own-interceptors');
    interceptors('here/node_modules/other-interceptors');
    cpSync(WORKFLOWS, join(directory, 'service/workflows.ts'));
    const config = {
      workflowsPath: 'workflows',
      workflowInterceptors: ['packaged-interceptors', 'own-interceptors'],
    };
    writeFileSync(join(directory, 'service/replay.config.json'), JSON.stringify(config));
    const args = ['run', HISTORIES, '--config', '../service/replay.config.json', '--reporter', 'json'];

    const byFile = await replayInHost(args, { cwd: join(directory, 'here') });
    const byFlag = await replayInHost([...args, '--workflow-interceptors', 'other-interceptors'], {
      cwd: join(directory, 'here'),
    });

    expect([byFile.stderr, byFlag.stderr]).toEqual(['', '']);
    expect(reportOf(byFile).summary.compatible).toBe(7);
    expect(reportOf(byFlag).summary.compatible).toBe(7);
  });

  it('sets the connection of --query, with paths relative to its own directory', async () => {
    const directory = scratchDirectory();
    mkdirSync(join(directory, 'service'));
    const config = { workflowsPath: WORKFLOWS, fetch: { address: '127.0.0.1:1', tlsCaPath: 'ca.pem' } };
    writeFileSync(join(directory, 'service/replay.config.json'), JSON.stringify(config));

    const run = await replayInHost(['run', '--config', 'service/replay.config.json', '--query', 'x'], {
      cwd: directory,
    });

    expect(run.code).toBe(3);
    expect(run.stderr).toContain(`Cannot read ${join(directory, 'service/ca.pem')}`);
  });

  it.each([
    ['{"workflowPath":"x.ts"}', 'unknown option "workflowPath". Did you mean workflowsPath?'],
    ['{"strict":"yes"}', '"strict" must be boolean, not string.'],
    ['{"projects":[{"bundel":"x.js"}]}', 'unknown option "projects[0].bundel". Did you mean bundle?'],
    ['{"projects":["x.ts"]}', '"projects[0]" must be object, not string.'],
    [
      '{"bundlerOptions":{"ignoreModule":[]}}',
      'unknown option "bundlerOptions.ignoreModule". Did you mean ignoreModules?',
    ],
    ['{"workflowInterceptors":[1]}', '"workflowInterceptors" must be array of strings, not array.'],
    ['{"timeout":', 'cannot be loaded'],
  ])('is refused with its path and the option if it is %s', async (text, message) => {
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'replay.config.json'), text);

    const run = await replayInHost(['run'], { cwd: directory });

    expect(run.code).toBe(2);
    expect(run.stderr).toContain('replay.config.json');
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain('[CONFIG_INVALID]');
  });
});

describe('files that are damaged in the same way at different places', () => {
  const DAMAGED = Object.fromEntries(
    [1, 2, 3, 4].map((n) => [`h${n}.json`, `{"events": [${'\n'.repeat(n)}}`]),
  );
  const positionOf = (line: number): string => `(at line ${line}, column 1)`;

  async function runDamaged(reporter: string): Promise<CliResult> {
    const directory = scratchDirectory();
    for (const [name, text] of Object.entries(DAMAGED)) writeFileSync(join(directory, name), text);
    return replayInHost(['run', '.', '--workflows-path', WORKFLOWS, '--reporter', reporter], {
      cwd: directory,
    });
  }

  it.each(['pretty', 'markdown'])(
    'are one cause, with the position of each example (%s)',
    async (reporter) => {
      const { stdout, code } = await runDamaged(reporter);

      expect(code).toBe(2);
      [1, 2, 3].forEach((n) =>
        expect(stdout).toMatch(new RegExp(`h${n}\\.json\\W+the text has .*\\(at line ${n + 1}, column 1\\)`)),
      );
      expect(stdout).not.toContain(positionOf(5));
    },
  );

  it('have messages of their own in the JSON report, and do not count as open runs', async () => {
    const { results, groups } = reportOf(await runDamaged('json'));

    expect(groups).toMatchObject([{ verdict: 'invalid', count: 4, openCount: 0 }]);
    for (const { file, error } of results)
      expect(error!.message).toContain(positionOf(Number(/\d/.exec(file)![0]) + 1));
  });
});
