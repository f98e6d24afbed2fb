import { readFile } from 'node:fs/promises';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { TemporalReplayError, messageOf } from '../../errors';
import { decodeHistories } from '../../history/decode';
import { detailsOf } from '../../history/entry-details';
import { loadHistories } from '../../history/load';
import { overviewOf } from '../../history/overview';
import { shapeOverviewOf } from '../../history/shape-overview';
import { validateHistory } from '../../history/validate/validate';
import { type HistorySource, labelOfHistory } from '../../model/history';
import type { FlagArgs } from '../../options/flags';
import { DEFAULT_COLUMNS, type Screen } from '../../report/screen';
import { jsonText } from '../../report/text/json-text';
import { paintFor } from '../../report/text/paint';
import { shapeLines } from '../../report/text/shape-text';
import { formatTimeline } from '../../report/text/timeline-text';
import { openPayloadReader, type PayloadReader } from '../../run/open-payload-reader';
import { settingsOf } from '../options/settings';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { abortOnSignals } from '../terminal/signals';
import { processScreen } from '../terminal/screen';
import { showDiff } from '../show-diff';
import { withFlags } from '../options/with-flags';
import { withoutPlaceholder } from '../options/stdin-placeholder';
import type { Command } from '../command';

interface ShowArgs extends FlagArgs<'code'> {
  histories: string[];
  json?: boolean;
  all?: boolean;
  hideValues?: boolean;
  diff?: boolean;
  shape?: boolean;
}

/** Number of values that could not be decoded of which the error tells. */
const SHOWN_PROBLEMS = 5;

export const showCommand: Command<ShowArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'code')
      .positional('histories', {
        type: 'string',
        array: true,
        describe: 'Files, directories or globs; - for standard input',
        coerce: withoutPlaceholder,
      })
      .option('json', {
        type: 'boolean',
        describe: 'Print a JSON object a line for each history, without payloads',
      })
      .option('all', { type: 'boolean', describe: 'Print every workflow task on a line of its own' })
      .option('diff', {
        type: 'boolean',
        describe: 'Print events beside the commands of the current code (--workflows-path or config)',
      })
      .option('shape', {
        type: 'boolean',
        describe: 'Print the way through the code alone, without ids, values and times',
      })
      .conflicts('shape', ['diff', 'all'])
      .option('hide-values', {
        type: 'boolean',
        describe: 'Omit inputs, results and messages of failures (default: if CI is set; --no-hide-values)',
      }) as Argv<ShowArgs>,
  handler: async (args) => {
    if (args.diff) process.exitCode = await showDiff(args, processScreen());
    else await show(args, processScreen());
  },
};

/**
 * Prints the histories that can be read, then fails if others, or values in them, cannot be.
 *
 * @throws HISTORY_INVALID, NO_HISTORIES, CONVERTER_INVALID, WORKER_OPTIONS
 */
async function show(args: ArgumentsCamelCase<ShowArgs>, screen: Screen): Promise<void> {
  refuseRepeatedFlags(args);
  const signal = abortOnSignals();
  const options = {
    width: screen.columns ?? DEFAULT_COLUMNS,
    paint: paintFor(screen.color),
    all: args.all === true,
  };
  const values = !(args.hideValues ?? isCi(process.env));
  const reader = payloadReaderFor(args, screen);
  const problems: string[] = [];
  const undecoded: string[] = [];
  let shown = 0;
  for await (const source of loadHistories({ paths: args.histories, signal })) {
    for (const decoded of decodeHistories({ file: source.file, bytes: await read(source) })) {
      const problem = decoded.problem ?? validateHistory(decoded.history);
      if (problem || !decoded.history) {
        problems.push(`${labelOfHistory(decoded.reference)}: ${problem?.message} (${problem?.code})`);
        continue;
      }
      if (args.shape) {
        const shape = shapeOverviewOf(decoded);
        if (args.json) screen.document(`${jsonText(shape)}\n`);
        else screen.print([...(shown++ === 0 ? [] : ['']), ...shapeLines(shape, options.paint)]);
        continue;
      }
      const overview = overviewOf(decoded);
      if (args.json) {
        screen.document(`${jsonText(overview)}\n`);
        continue;
      }
      const readable = values ? await reader.read(decoded) : null;
      undecoded.push(...(readable?.problems ?? []).map((text) => `${overview.file}: ${text}`));
      const details = detailsOf(overview.entries, readable?.events ?? decoded.history.events ?? [], {
        values,
        ...(readable && { readPayload: readable.readPayload }),
      });
      screen.print([...(shown++ === 0 ? [] : ['']), ...formatTimeline(overview, details, options)]);
    }
  }
  if (problems.length > 0)
    throw new TemporalReplayError('HISTORY_INVALID', problems.join('\n'), {
      hint: 'docs/histories.md explains each code.',
    });
  if (undecoded.length > 0)
    throw new TemporalReplayError('CONVERTER_INVALID', undecoded.slice(0, SHOWN_PROBLEMS).join('\n'), {
      hint: `${moreThan(undecoded.length)}Such values are shown as they are stored. Check that the converters are those of the worker, and that they find their keys.`,
    });
}

const moreThan = (count: number): string =>
  count > SHOWN_PROBLEMS ? `So it is with ${count - SHOWN_PROBLEMS} more events. ` : '';

/** Flags that name a module with converters. With one of them, values that cannot be read are an error. */
const CONVERTER_FLAGS = ['config', 'worker', 'plugins', 'dataConverter', 'payloadConverter'] as const;

/** Returns a reader of payloads for the service that the flags or the config file name. */
function payloadReaderFor(args: ArgumentsCamelCase<ShowArgs>, screen: Screen): PayloadReader {
  const cwd = process.cwd();
  return openPayloadReader(async () => {
    try {
      return (await settingsOf(args, cwd)).config;
    } catch (err) {
      // A history can be looked at although the config file of this directory is broken.
      if (CONVERTER_FLAGS.some((flag) => args[flag] !== undefined)) throw err;
      screen.note(`Values are shown as they are stored: ${messageOf(err)}`);
      return {};
    }
  }, cwd);
}

async function read({ file, bytes }: HistorySource): Promise<Uint8Array> {
  try {
    return bytes ?? (await readFile(file));
  } catch (err) {
    throw new TemporalReplayError('HISTORY_INVALID', `${file} cannot be read: ${messageOf(err)}`, {
      cause: err,
    });
  }
}

/** Returns true on a CI service, which sets `CI` to `true` or to its name. Users may set it to `0` or `false`. */
const isCi = ({ CI }: NodeJS.ProcessEnv): boolean => CI !== undefined && !['', '0', 'false'].includes(CI);
