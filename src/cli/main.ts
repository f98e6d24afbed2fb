#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { TemporalReplayError, isTemporalReplayError } from '../errors';
import { doctorCommand } from './doctor';
import { fetchCommand } from './fetch';
import { runCommand } from './run';

/** Parses, runs, and alone turns errors into a line on standard error and an exit code. */
async function main(): Promise<void> {
  try {
    await yargs(hideBin(process.argv))
      .scriptName('replay')
      .usage('$0 <command>\n\nReplays recorded Temporal workflow histories against your current workflow code.')
      .command(fetchCommand)
      .command(runCommand)
      .command(doctorCommand)
      .demandCommand(1, 'Name a command: fetch, run or doctor.')
      .strict()
      .parserConfiguration({ 'boolean-negation': true })
      .fail((message, err) => {
        throw err ?? new TemporalReplayError('USAGE', message);
      })
      .help()
      .parseAsync();
  } catch (err) {
    report(err);
  }
}

function report(err: unknown): void {
  if (!isTemporalReplayError(err)) {
    // Nobody foresaw it: the stack is what its maintainers need.
    process.stderr.write(`replay: unexpected error\n${err instanceof Error ? err.stack : String(err)}\n`);
    process.exitCode = 2;
    return;
  }
  process.stderr.write(`replay: ${err.message} [${err.code}]\n`);
  if (err.hint) process.stderr.write(`        ${err.hint}\n`);
  process.exitCode = err.exitCode;
}

void main();
