import { dirname, parse, format } from 'node:path';
import { messageOf } from '../errors';
import type { RunStatus } from '../model/report';
import { writeFileAtomic } from '../util/atomic-file';
import { isStream } from '../util/write-through';
import { multiplexer } from './multiplexer';
import type { ReporterSpec } from './reporter-specs';
import { REPORTERS } from './reporters/index';
import type { Reporter, ReporterContext } from './reporter';
import { type Screen, type Streams, openScreen } from './screen';
import { makeDirectory } from '../util/make-directory';

/** Opens the reporters of a run as one reporter. */
export function openReporters(
  specs: readonly ReporterSpec[],
  screen: Screen,
  context: ReporterContext,
): Reporter {
  // The live line of a reporter that writes to a file would be drawn over that of another reporter.
  const isAlone = specs.length === 1;
  const fileScreen = (out: Streams['out']): Screen => ({
    ...openScreen({ out, err: () => undefined }, { isTerminal: screen.isTerminal && isAlone, color: false }),
    ...(screen.errColumns !== undefined && { errColumns: screen.errColumns }),
    note: screen.note,
    redraw: screen.redraw,
  });
  const opened = specs.map(({ name, path }) => {
    const { open } = REPORTERS[name]!;
    const reporter =
      path === null
        ? open(screen, context)
        : writtenTo(path, screen, (out) => open(fileScreen(out), context));
    return { name, reporter };
  });
  return multiplexer(opened);
}

/**
 * Returns a reporter whose output is collected and at the end written to a file, completely or not at all. Missing directories are
 * created. The report of a part of a run goes into a file of another name, so that the path only stands for a whole run.
 */
function writtenTo(path: string, screen: Screen, open: (out: Streams['out']) => Reporter): Reporter {
  let text = '';
  const reporter = open((part) => void (text += part));
  return {
    onBegin: (projects) => reporter.onBegin?.(projects),
    onResult: (result, progress) => reporter.onResult?.(result, progress),
    async onEnd(report) {
      await reporter.onEnd?.(report);
      const isCut = report.status !== 'complete' && !(await isStream(path));
      const target = isCut ? pathOfPart(path, report.status) : path;
      try {
        makeDirectory(dirname(target));
        await writeFileAtomic(target, text);
      } catch (err) {
        throw new Error(`${target} cannot be written: ${messageOf(err)}`, { cause: err });
      }
      if (isCut) screen.note(`The report of the ${report.status} run is in ${target}.`);
    },
  };
}

/** Returns `report.interrupted.json` for `report.json`. */
function pathOfPart(path: string, status: RunStatus): string {
  const { dir, name, ext } = parse(path);
  return format({ dir, name: `${name}.${status}`, ext });
}
