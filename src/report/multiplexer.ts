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
  const each = (call: (reporter: Reporter) => void): void => {
    for (const named of reporters) {
      if (failures.has(named)) continue;
      try {
        call(named.reporter);
      } catch (err) {
        failures.set(named, err);
      }
    }
  };
  return {
    onBegin: (projects) => each((reporter) => reporter.onBegin?.(projects)),
    onResult: (result, progress) => each((reporter) => reporter.onResult?.(result, progress)),
    onReplayed: () => each((reporter) => reporter.onReplayed?.()),
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
