import { assertCount } from '../fetch/query';
import { durationMs } from '../options/duration';
import type { ConnectionOptions, DeployOptions, ReplayOptions } from '../options/types';
import { versionAskedFor } from './deployed-code';

/** The open runs that are looked at. */
export interface DeployScope {
  connection: ConnectionOptions;
  /** Visibility list filter that narrows the open runs down; null for all of them. */
  query: string | null;
  /** The version about to go out, as text; null for the versions that the projects name. */
  version: string | null;
  /** Number of runs that are looked at, drawn at random; null for all. */
  sample: number | null;
  /** Number of runs of a shape after which the others are taken to be like them; null to replay all. */
  perShape: number | null;
  /** Time in ms after which no further run is looked at; null for no limit. */
  maxDurationMs: number | null;
  /** Number from which the order of runs is drawn; null for a new one. */
  seed: number | null;
}

/** Returns the open runs that the options of a check ask for, and the options of their replay. @throws USAGE, CONFIG_INVALID */
export function deployScopeOf(options: DeployOptions): {
  replayed: Omit<ReplayOptions, 'histories'>;
  scope: DeployScope;
} {
  const { connection = {}, query, buildId, deployment, ...others } = options;
  const { sample, perShape, maxDuration, seed, ...replayed } = others;
  assertCount('sample', sample);
  assertCount('per-shape', perShape);
  return {
    replayed,
    scope: {
      connection,
      query: query ?? null,
      version: versionAskedFor({ buildId, deployment }),
      sample: sample ?? null,
      perShape: perShape ?? null,
      maxDurationMs: maxDuration === undefined ? null : durationMs('--max-duration', maxDuration),
      seed: seed ?? null,
    },
  };
}
