import { relative, resolve } from 'node:path';
import { DEFAULT_EXPIRY, dateOf, expiryDate } from '../gate/baseline/expiry';
import { readBaselineIfPresent, writeBaseline } from '../gate/baseline/file';
import { updateBaseline } from '../gate/baseline/update';
import type { FailureGroup } from '../model/diagnosis';
import type { DiagnosedReport } from '../model/report';
import type { Settings } from '../options/read-settings';

export const DEFAULT_BASELINE = 'replay-baseline.json';

/** Returns the path of the baseline, relative to the current directory; the default one is beside the config file. */
export const baselineFileOf = ({ config, configDir, cwd }: Settings): string =>
  config.baseline ?? relative(cwd, resolve(configDir, DEFAULT_BASELINE));

/** Accepts the failures of one cause. Returns the path of the baseline and the last day on which they are accepted. */
export async function acceptGroup(
  { results: indexes }: FailureGroup,
  report: DiagnosedReport,
  settings: Settings,
  reason: string,
): Promise<{ file: string; expires: string }> {
  const { config, cwd } = settings;
  const file = baselineFileOf(settings);
  const path = resolve(cwd, file);
  const today = dateOf(new Date());
  const expires = expiryDate(DEFAULT_EXPIRY, today);
  const { strict = false, failOnExisting = false } = config;
  const { baseline } = updateBaseline(
    await readBaselineIfPresent(path),
    { ...report, results: indexes.map((index) => report.results[index]!) },
    { path, cwd, strict, failOnExisting, today },
    { reason, expires },
  );
  await writeBaseline(path, baseline);
  return { file, expires };
}
