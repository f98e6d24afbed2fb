import type { ReplayConfig } from '../../options/types';
import type { ReporterContext } from '../../report/reporter';
import { type ReporterSpec, reporterSpecs } from '../../report/reporter-specs';
import { REPORTERS } from '../../report/reporters';

/** Describes the flag `--reporter`, with the names that it takes. */
export const REPORTER_HELP = `How to show the result, name or name=path, repeatable: ${Object.keys(REPORTERS).join(', ')}`;

/** Returns the reporters that a configuration asks for, with what they are given. @throws USAGE */
export function reportersOf(
  { reporter, output, strict = false, failOnExisting = false }: ReplayConfig,
  cwd: string,
): { specs: ReporterSpec[]; context: ReporterContext } {
  const context = { cwd, env: process.env, isStrict: strict, failOnExisting };
  const reporters = reporter === undefined ? undefined : [reporter].flat();
  return { specs: reporterSpecs({ reporters, output }, context), context };
}
