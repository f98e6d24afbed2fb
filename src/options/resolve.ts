import { relative, resolve } from 'node:path';
import { TemporalReplayError } from '../errors';
import { durationMs } from './duration';
import { flagName } from './flags';
import { locateModule } from '../util/locate-module';
import type { OptionRow, OptionTable } from './option-row';
import { COVERAGE, GATE, PROJECT, REPLAY } from './table';
import type { ProjectOptions, ReplayConfig } from './types';
import { namesWorkflowCode } from './workflow-code';

const RUN = { ...GATE, ...REPLAY, ...COVERAGE };

type ResolvedName<Name extends PropertyKey, Row> = Row extends { unit: 'ms' } ? `${Name & string}Ms` : Name;
type ResolvedValue<Value, Row> =
  | (Row extends { unit: 'ms' } ? number : Value extends string[] ? readonly string[] : Value)
  | (Row extends { default: unknown } ? never : null);

/** Options with their defaults. An option that is not set and has no default is null; paths are absolute; durations are in ms. */
type Resolved<Options, Table> = {
  [Name in keyof Table & keyof Options as ResolvedName<Name, Table[Name]>]-?: ResolvedValue<
    NonNullable<Options[Name]>,
    Table[Name]
  >;
};

/** The options of one project. Paths are absolute; an option that is not set and has no default is null. */
export interface ResolvedProject extends Omit<Resolved<ProjectOptions, typeof PROJECT>, 'name'> {
  name: string;
}

/** The options of a run. Paths are absolute; an option that is not set and has no default is null. */
export interface ResolvedReplayOptions extends Resolved<ReplayConfig, typeof RUN> {
  projects: readonly ResolvedProject[];
}

/** Adds defaults and checks values. Relative paths are relative to `baseDir`. @throws CONFIG_INVALID */
export function resolveReplayOptions(
  config: Omit<ReplayConfig, 'histories'>,
  baseDir: string,
): ResolvedReplayOptions {
  const projects = projectsOf(config).map((project) => resolveProject(project, baseDir));
  const options = resolveRows<ReplayConfig, typeof RUN>(config, RUN, baseDir);
  if (options.coverage) refusePrebuilt(projects);
  return { ...options, projects };
}

function refusePrebuilt(projects: readonly ResolvedProject[]): void {
  const prebuilt = projects.find(({ bundle }) => bundle !== null);
  if (prebuilt) throw coverageOfPrebuilt(relative(process.cwd(), prebuilt.bundle!));
}

/** Returns the error for coverage of a prebuilt bundle: the counters go into the source before it is bundled. */
export const coverageOfPrebuilt = (bundle: string): TemporalReplayError =>
  new TemporalReplayError('CONFIG_INVALID', `Coverage cannot be measured in a prebuilt bundle (${bundle}).`, {
    hint: 'Give the source instead: --workflows-path, or workflowsPath in replay.config.ts.',
  });

function projectsOf(config: Omit<ReplayConfig, 'histories'>): ProjectOptions[] {
  const { projects, ...own } = config;
  const hasOwn = namesWorkflowCode(own);
  if (projects && projects.length > 0) {
    if (hasOwn)
      throw new TemporalReplayError(
        'CONFIG_INVALID',
        'Both `projects` and a worker, workflowsPath or bundle beside them are given: which one is meant?',
        { hint: 'Make it one more entry of `projects`, or drop one of the two.' },
      );
    return projects.map((project) => ({ ...inheritedOptions(own), ...project }));
  }
  if (!hasOwn)
    throw new TemporalReplayError('CONFIG_INVALID', 'Nothing says where the workflow code is.', {
      hint: 'Give --worker <module>, --workflows-path src/workflows.ts or --bundle <file>, or set one of them in replay.config.ts.',
    });
  return [own];
}

/** Returns the options of a config that its projects inherit if they don't set them. */
const inheritedOptions = (config: ReplayConfig): ProjectOptions =>
  Object.fromEntries(
    Object.entries(config).filter(
      ([name, value]) => value !== undefined && (PROJECT as OptionTable)[name]?.inherited,
    ),
  );

function resolveProject(project: ProjectOptions, baseDir: string): ResolvedProject {
  const { worker, workflowsPath, bundle } = project;
  const name = project.name ?? workflowsPath ?? bundle ?? worker ?? 'project';
  if (!namesWorkflowCode(project))
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      `Project ${name} needs one of worker, workflowsPath (source) and bundle (prebuilt).`,
    );
  if (workflowsPath !== undefined && bundle !== undefined)
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      `Project ${name} has both a workflowsPath (source) and a bundle (prebuilt): which one is meant?`,
    );
  return { ...resolveRows<ProjectOptions, typeof PROJECT>(project, PROJECT, baseDir), name };
}

function resolveRows<Options extends object, Table extends OptionTable>(
  options: Options,
  table: Table,
  baseDir: string,
): Resolved<Options, Table> {
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [
      row.unit === 'ms' ? `${name}Ms` : name,
      resolveValue(name, row, given[name], baseDir),
    ]),
  ) as Resolved<Options, Table>;
}

function resolveValue(name: string, row: OptionRow, given: unknown, baseDir: string): unknown {
  const isUnset =
    given === undefined || (given === '' && row.path !== undefined && row.default !== undefined);
  const value = isUnset ? defaultOf(row) : given;
  if (value === undefined) return null;
  if (row.unit === 'ms') return durationMs(labelOf(name, row), value as number | string, row.min);
  if (row.min !== undefined) return wholeNumber(labelOf(name, row), value as number, row.min);
  if (row.choices !== undefined) return oneOf(labelOf(name, row), value as string, row.choices);
  if (row.path === undefined) return value;
  const locate = (path: string): string =>
    row.path!.kind === 'module' ? moduleAt(labelOf(name, row), path, baseDir) : resolve(baseDir, path);
  return Array.isArray(value) ? value.map((path: string) => locate(path)) : locate(value as string);
}

/** Returns an option's name with its flag, because the value may come from either. */
const labelOf = (name: string, { flag }: OptionRow): string =>
  flag === undefined ? name : `${name} (--${flagName(name)})`;

const defaultOf = ({ default: value }: OptionRow): unknown =>
  typeof value === 'function' ? (value as () => unknown)() : value;

function moduleAt(option: string, id: string, baseDir: string): string {
  const found = locateModule(id, baseDir);
  if (found !== null) return found;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `${option}: there is no file ${relative(process.cwd(), resolve(baseDir, id)) || id}.`,
    {
      hint: 'A path on the command line is relative to the current directory, one in the config file to the directory of that file.',
    },
  );
}

function oneOf(option: string, value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value;
  throw new TemporalReplayError('CONFIG_INVALID', `${option} must be ${choices.join(' or ')}, not ${value}.`);
}

function wholeNumber(option: string, value: number, atLeast: number): number {
  if (Number.isInteger(value) && value >= atLeast) return value;
  throw new TemporalReplayError(
    'CONFIG_INVALID',
    `${option} must be a whole number from ${atLeast}, not ${value}.`,
  );
}
