import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { TemporalReplayError, messageOf } from '../errors';
import { writeFileAtomic } from '../util/atomic-file';
import { defaultReporters } from './default-reporters';
import { REPORTERS } from './reporters/index';
import { multiplexer } from './multiplexer';
import type { Reporter, ReporterContext, ReporterDefinition, ReporterNeeds, Screen } from './reporter';

/** A reporter and where it writes; without a path, to standard output. */
export interface ReporterSpec {
  name: string;
  path: string | null;
}

export interface GivenReporters {
  /** `name` or `name=path`; undefined where none are given. */
  reporters: readonly string[] | undefined;
  /** Path for the one reporter that has none. */
  output: string | undefined;
}

/** Opens every reporter that is asked for, as one. @throws USAGE */
export function openReporters(given: GivenReporters, screen: Screen, context: ReporterContext): Reporter {
  const specs = reporterSpecs(given, context);
  // One live line is enough.
  const fileScreen = { ...screen, color: false, isTerminal: screen.isTerminal && specs.length === 1 };
  const opened = specs.map(({ name, path }) => {
    const factory = REPORTERS[name]!.open;
    const reporter =
      path === null
        ? factory(screen, context)
        : writtenTo(path, (out) => factory({ ...fileScreen, out }, context));
    return { name, reporter };
  });
  return multiplexer(opened);
}

/** Returns everything that the reporters of a run need, merged. */
export const needsOf = (specs: readonly ReporterSpec[]): ReporterNeeds =>
  Object.assign({}, ...specs.map(({ name }) => REPORTERS[name]!.needs)) as ReporterNeeds;

/** Returns true if standard output is left to a person, so that text may follow the report there. */
export const isOutputForPeople = (specs: readonly ReporterSpec[]): boolean =>
  specs.every((spec) => spec.path !== null || readerOf(spec) === 'person');

const readerOf = ({ name }: ReporterSpec): ReporterDefinition['reader'] => REPORTERS[name]!.reader;

/** Paths are absolute. @throws USAGE */
export function reporterSpecs(
  { reporters, output }: GivenReporters,
  { cwd, env }: ReporterContext,
): ReporterSpec[] {
  const parsed = (reporters ?? defaultReporters(env)).map(parseSpec);
  const specs = (output === undefined ? parsed : withOutput(parsed, output)).map(({ name, path }) => ({
    name,
    path: path === null ? null : resolve(cwd, path),
  }));
  checkStandardOutput(specs);
  checkPaths(specs);
  return specs;
}

function parseSpec(text: string): ReporterSpec {
  const separator = text.indexOf('=');
  const name = separator === -1 ? text : text.slice(0, separator);
  const path = separator === -1 ? null : text.slice(separator + 1);
  if (!Object.hasOwn(REPORTERS, name)) {
    const known = Object.keys(REPORTERS).join(', ');
    throw new TemporalReplayError('USAGE', `There is no reporter ${name}: use one of ${known}.`);
  }
  if (path === '')
    throw new TemporalReplayError(
      'USAGE',
      `The reporter ${text} has no path after its "=": write ${name}=<path>, or ${name} alone for standard output.`,
    );
  return { name, path };
}

function withOutput(specs: readonly ReporterSpec[], output: string): ReporterSpec[] {
  const open = specs.filter(({ path }) => path === null);
  // A runner reads its commands from standard output only, so beside another reporter the file is not for them.
  const meant = open.length > 1 ? open.filter((spec) => readerOf(spec) !== 'runner') : open;
  if (meant.length !== 1)
    throw new TemporalReplayError(
      'USAGE',
      meant.length === 0
        ? 'The output file is for a reporter without a path, and each one has its path.'
        : `The output file is for one reporter, and ${inWords(meant)} have no path.`,
      { hint: 'Give each reporter its own, as in --reporter json=report.json.' },
    );
  return specs.map((spec) => (spec === meant[0] ? { ...spec, path: output } : spec));
}

/** Nobody could take the report of one apart from that of another; only a runner can, by the form of its commands. */
function checkStandardOutput(specs: readonly ReporterSpec[]): void {
  const open = specs.filter(({ path }) => path === null);
  const names = open.map(({ name }) => name).sort();
  const readers = open.map(readerOf).sort();
  if (open.length < 2 || readers.join() === 'person,runner') return;
  throw new TemporalReplayError('USAGE', `${inWords(open)} would both write to standard output.`, {
    hint: `Give all but one a file, as in --reporter ${names[0]}=<path>.`,
  });
}

function checkPaths(specs: readonly ReporterSpec[]): void {
  const twice = specs.find(
    ({ path }, i) => path !== null && specs.findIndex((other) => other.path === path) < i,
  );
  if (!twice) return;
  const both = specs.filter(({ path }) => path === twice.path);
  throw new TemporalReplayError('USAGE', `${inWords(both)} would both write to ${twice.path}.`);
}

const inWords = (specs: readonly ReporterSpec[]): string => specs.map(({ name }) => name).join(' and ');

/** Collects what a reporter writes, and at the end writes the file whole or not at all, and its directory if need be. */
function writtenTo(path: string, open: (out: Screen['out']) => Reporter): Reporter {
  let text = '';
  const reporter = open((part) => void (text += part));
  return {
    onResult: (result, progress) => reporter.onResult?.(result, progress),
    async onEnd(report) {
      await reporter.onEnd?.(report);
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFileAtomic(path, text);
      } catch (err) {
        throw new Error(`${path} cannot be written: ${messageOf(err)}`, { cause: err });
      }
    },
  };
}
