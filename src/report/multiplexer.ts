import { TemporalReplayError, messageOf } from '../errors';
import type { Reporter } from './reporter';

export interface NamedReporter {
  name: string;
  reporter: Reporter;
}

/**
 * Returns one reporter that calls several. A reporter that throws is not called again; the others finish.
 *
 * @throws OUTPUT_FAILED from `onEnd` with the name of each reporter that failed
 */
export function multiplexer(reporters: readonly NamedReporter[]): Reporter {
  const failures = new Map<NamedReporter, unknown>();
  return {
    onResult(result, progress) {
      for (const named of reporters) {
        if (failures.has(named)) continue;
        try {
          named.reporter.onResult?.(result, progress);
        } catch (err) {
          failures.set(named, err);
        }
      }
    },
    async onEnd(report) {
      for (const named of reporters) {
        if (failures.has(named)) continue;
        try {
          await named.reporter.onEnd?.(report);
        } catch (err) {
          failures.set(named, err);
        }
      }
      if (failures.size > 0) throw failed(failures);
    },
  };
}

function failed(failures: ReadonlyMap<NamedReporter, unknown>): TemporalReplayError {
  const each = [...failures].map(([{ name }, err]) => `The ${name} reporter failed: ${messageOf(err)}`);
  return new TemporalReplayError('OUTPUT_FAILED', each.join('\n'), { cause: [...failures.values()][0] });
}
