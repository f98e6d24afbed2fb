import { resolve } from 'node:path';
import { TemporalReplayError } from '../errors';
import { nearestName } from '../util/nearest-name';
import { REPORTERS } from './reporters/index';
import type { ReporterContext, ReporterDefinition, ReporterNeeds } from './reporter';

/** A reporter, and the absolute path of its file; null if it writes to standard output. */
export interface ReporterSpec {
  name: string;
  path: string | null;
}

export interface GivenReporters {
  /** Each is `name` or `name=path`; undefined if none is given. */
  reporters: readonly string[] | undefined;
  /** Path for the one reporter that has none. */
  output: string | undefined;
}

/** Returns the reporters of a run, by default those that suit its environment. @throws USAGE */
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

/** Returns everything that the reporters of a run need, merged. */
export const needsOf = (specs: readonly ReporterSpec[]): ReporterNeeds =>
  Object.assign({}, ...specs.map((spec) => definitionOf(spec).needs)) as ReporterNeeds;

/** Returns true if standard output is left to a person, so that text may follow the report there. */
export const isOutputForPeople = (specs: readonly ReporterSpec[]): boolean =>
  specs.every((spec) => spec.path !== null || definitionOf(spec).reader === 'person');

/** Returns the names of the reporters of a run that names none. */
export const defaultReporters = (env: Readonly<NodeJS.ProcessEnv>): string[] =>
  Object.keys(REPORTERS).filter((name) => REPORTERS[name]!.isDefault?.(env));

const definitionOf = ({ name }: ReporterSpec): ReporterDefinition => REPORTERS[name]!;

function parseSpec(text: string): ReporterSpec {
  const separator = text.indexOf('=');
  const name = separator === -1 ? text : text.slice(0, separator);
  const path = separator === -1 ? null : text.slice(separator + 1);
  if (!Object.hasOwn(REPORTERS, name)) throw unknownReporter(name);
  if (path === '')
    throw new TemporalReplayError(
      'USAGE',
      `The reporter ${text} has no path after its "=": write ${name}=<path>, or ${name} alone for standard output.`,
    );
  return { name, path };
}

function unknownReporter(name: string): TemporalReplayError {
  const known = Object.keys(REPORTERS);
  const nearest = nearestName(name, known);
  const suggestion = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return new TemporalReplayError('USAGE', `There is no reporter ${name}.${suggestion}`, {
    hint: `Use one of ${known.join(', ')}.`,
  });
}

function withOutput(specs: readonly ReporterSpec[], output: string): ReporterSpec[] {
  const open = specs.filter(({ path }) => path === null);
  // A runner reads its commands from standard output only, so beside another reporter the file is not for them.
  const candidates = open.length > 1 ? open.filter((spec) => definitionOf(spec).reader !== 'runner') : open;
  if (candidates.length !== 1)
    throw new TemporalReplayError(
      'USAGE',
      candidates.length === 0
        ? 'The output file is for a reporter without a path, and each one has its path.'
        : `The output file is for one reporter, and ${namesOf(candidates)} have no path.`,
      { hint: 'Give each reporter its own path, as in --reporter json=report.json.' },
    );
  return specs.map((spec) => (spec === candidates[0] ? { ...spec, path: output } : spec));
}

/** Two reports on standard output cannot be separated. Only a runner finds its commands between the lines for a person. */
function checkStandardOutput(specs: readonly ReporterSpec[]): void {
  const open = specs.filter(({ path }) => path === null);
  const names = open.map(({ name }) => name).sort();
  const readers = open.map((spec) => definitionOf(spec).reader).sort();
  if (open.length < 2 || readers.join() === 'person,runner') return;
  throw new TemporalReplayError('USAGE', `${namesOf(open)} would both write to standard output.`, {
    hint: `Give all but one a file, as in --reporter ${names[0]}=<path>.`,
  });
}

function checkPaths(specs: readonly ReporterSpec[]): void {
  const duplicate = specs.find(
    ({ path }, i) => path !== null && specs.findIndex((other) => other.path === path) < i,
  );
  if (!duplicate) return;
  const both = specs.filter(({ path }) => path === duplicate.path);
  throw new TemporalReplayError('USAGE', `${namesOf(both)} would both write to ${duplicate.path}.`);
}

const namesOf = (specs: readonly ReporterSpec[]): string => specs.map(({ name }) => name).join(' and ');
