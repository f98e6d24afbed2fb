/**
 * Replays with modules of the service that fail: data converters and configurations that throw, hang, end the process or answer with
 * what is no answer. The workflow code is right, so no verdict may be about it, and no gate may pass that has not judged.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunReport } from '../../src/model/report';
import { isAboutCode } from '../../src/model/verdict';
import { type CliResult, runCli } from '../helpers/cli';

export interface AttackOptions {
  /** Time after which no further attempt begins. */
  budgetMs?: number;
  /** Names of the modules. @default all */
  only?: readonly string[];
}

const SMALL = resolve(__dirname, '../services/small');
/** Time after which a run counts as one that never ends. */
const LIMIT_MS = 180_000;

const decoding = (decode: string): string =>
  `exports.dataConverter = { payloadCodecs: [{ encode: async (payloads) => payloads, decode: ${decode} }] };`;
const answering = (payload: string): string =>
  decoding(`async (payloads) => payloads.map((one) => (${payload}))`);
const NO_CODECS = 'exports.dataConverter = { payloadCodecs: [] };';
const ONCE =
  "const fs = require('fs'); const isFirst = () => { try { fs.writeFileSync('once', '', { flag: 'wx' }); return true; } catch { return false; } };";

/** Data converters by name. `compatible` are those that recover. */
const CONVERTERS: Readonly<Record<'faulty' | 'compatible', Readonly<Record<string, string>>>> = {
  faulty: {
    'decoding throws': decoding("() => { throw new Error('no key'); }"),
    'decoding throws null': decoding('async () => { throw null; }'),
    'decoding throws a proxy that throws': decoding(
      'async () => { throw new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } }); }',
    ),
    'decoding throws a message that is a symbol': decoding(
      "async () => { throw Object.assign(new Error(), { message: Symbol('x'), name: 5 }); }",
    ),
    'decoding throws a message that throws': decoding(
      "async () => { throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } }); }",
    ),
    'decoding answers nothing': decoding('async () => undefined'),
    'decoding answers with holes': decoding('async ({ length }) => Object.assign([], { length })'),
    'decoding answers with text': answering("'x'"),
    'decoding answers with empty objects': answering('{}'),
    'decoding answers with bytes that are text': answering("{ metadata: one.metadata, data: 'x' }"),
    'decoding answers with garbage': answering("{ metadata: one.metadata, data: Buffer.from('{') }"),
    'decoding answers with payloads that throw': answering("{ get metadata() { throw new Error('x'); } }"),
    'decoding never answers': decoding('() => new Promise(() => {})'),
    'decoding loops': decoding('() => { for (;;); }'),
    'decoding eats all memory': decoding(
      'async () => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); }',
    ),
    'decoding exits': decoding('async () => process.exit(0)'),
    'decoding aborts': decoding('async () => process.abort()'),
    'decoding is killed': decoding("() => new Promise(() => process.kill(process.pid, 'SIGKILL'))"),
    'decoding rejects elsewhere': decoding(
      "async (payloads) => { Promise.reject(new Error('elsewhere')); return payloads; }",
    ),
    'decoding throws in a timer': decoding(
      "async (payloads) => { setTimeout(() => { throw new Error('elsewhere'); }, 1); await new Promise((r) => setTimeout(r, 20)); return payloads; }",
    ),
    'the module throws': "throw new Error('no key');",
    'the module exits': 'process.exit(0);',
    'the module exits later': `setTimeout(() => process.exit(0), 200); ${NO_CODECS}`,
    'the module rejects': "exports.dataConverter = Promise.reject(new Error('no key'));",
    'the module rejects elsewhere': `Promise.reject(new Error('elsewhere')); ${NO_CODECS}`,
    'the module is no JavaScript': '{{{',
  },
  compatible: {
    'decoding is killed once': `${ONCE} ${decoding(
      "async (payloads) => { if (isFirst()) { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); } return payloads; }",
    )}`,
    'decoding prints': decoding("async (payloads) => { console.log('{'); return payloads; }"),
    'the module prints': `console.log('{'); ${NO_CODECS}`,
    'the module changes the directory': `process.chdir('/'); ${NO_CODECS}`,
  },
};

/** Tries every module, as far as the time allows. */
export async function attack({ budgetMs = Infinity, only }: AttackOptions = {}): Promise<{
  tried: number;
  failures: string[];
}> {
  const scratch = resolve(__dirname, '../scratch');
  mkdirSync(scratch, { recursive: true });
  const until = performance.now() + budgetMs;
  const failures: string[] = [];
  let tried = 0;
  for (const [kind, modules] of Object.entries(CONVERTERS))
    for (const [name, text] of Object.entries(modules)) {
      if (performance.now() > until || only?.includes(name) === false) continue;
      tried++;
      const directory = mkdtempSync(join(scratch, 'attack-'));
      try {
        const complaint = complaintOf(await runWith(text, directory), kind === 'compatible');
        if (complaint !== null) failures.push(`${name}: ${complaint}`);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
  return { tried, failures };
}

function runWith(converter: string, directory: string): Promise<CliResult> {
  cpSync(join(SMALL, 'histories/c1.json'), join(directory, 'c1.json'));
  cpSync(join(SMALL, 'workflows.ts'), join(directory, 'workflows.ts'));
  writeFileSync(join(directory, 'converter.js'), converter);
  const args = ['run', 'c1.json', '--workflows-path', 'workflows.ts', '--data-converter', './converter.js'];
  return runCli([...args, '--reporter', 'json', '--timeout', '2s', '--advice-timeout', '0'], {
    cwd: directory,
    kill: { signal: 'SIGKILL', on: AbortSignal.timeout(LIMIT_MS) },
  });
}

function complaintOf({ code, stdout, stderr }: CliResult, isCompatible: boolean): string | null {
  const what = `exit code ${code}: ${(stderr || stdout).slice(0, 400)}`;
  if (isCompatible) return code === 0 && isReportOf(stdout, 'compatible') ? null : what;
  if (code !== 2) return what;
  if (stdout === '') return stderr.startsWith('replay: ') ? null : what;
  const { results } = JSON.parse(stdout) as RunReport;
  return results.length === 1 && !results.some((result) => isAboutCode(result)) ? null : what;
}

function isReportOf(text: string, verdict: 'compatible'): boolean {
  try {
    const { summary } = JSON.parse(text) as RunReport;
    return summary.histories === 1 && summary[verdict] === 1;
  } catch {
    return false;
  }
}
