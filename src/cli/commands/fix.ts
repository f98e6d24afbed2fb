import { relative, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import { type Fix, fixesIn } from '../../fix/choose-fixes';
import { type EditedFile, diffText, editFiles } from '../../patching/edited-files';
import { type FixDecision, type FixOutcome, fixHistories } from '../../fix/fix-histories';
import { exitCodeOf } from '../../gate/exit-code';
import { requireEnoughHistories } from '../../gate/enough-histories';
import type { HistorySource } from '../../model/history';
import type { FailureGroup } from '../../model/diagnosis';
import type { DiagnosedReport } from '../../model/report';
import type { FlagArgs } from '../../options/flags';
import { replayOptionsOf } from '../../options/merge';
import type { Settings } from '../../options/read-settings';
import { LiveLine } from '../../report/text/live-line';
import { type Paint, paintFor } from '../../report/text/paint';
import { paintedDiff } from '../../report/text/painted-diff';
import { placeText } from '../../report/text/place-text';
import { historiesText, totalsText } from '../../report/text/totals-text';
import { reasonWithoutCode, trialText } from '../../report/text/trial-text';
import { paintVerdict, styleOf } from '../../report/text/verdict-style';
import type { Screen } from '../../report/screen';
import { startReplay } from '../../run/run';
import type { Command } from '../command';
import { openSources } from '../options/open-sources';
import { settingsOf } from '../options/settings';
import { withFlags } from '../options/with-flags';
import { ask, canAsk } from '../terminal/ask';
import { processScreen } from '../terminal/screen';
import { abortOnSignals, exitCodeOfSignal } from '../terminal/signals';

interface FixArgs extends FlagArgs<'connection' | 'code' | 'replay'> {
  yes?: boolean;
  check?: boolean;
  interactive?: boolean;
}

/** Time for trials, unless the flags or the config give one: a repair is worth waiting for. */
const ADVICE_TIMEOUT = '2m';

export const fixCommand: Command<FixArgs> = {
  builder: (yargs) =>
    withFlags(yargs, 'connection', 'code', 'replay')
      .option('yes', {
        alias: 'y',
        type: 'boolean',
        describe: 'Write every change that was tried, without asking',
      })
      .option('check', {
        type: 'boolean',
        describe: 'Write nothing: print the changes as a diff, and exit with 1 if histories fail',
      })
      .option('interactive', {
        alias: 'i',
        type: 'boolean',
        describe:
          'Ask for each cause: patch it, accept it into the baseline, open it in the editor, or skip it',
      })
      .conflicts({ yes: ['check', 'interactive'], check: 'interactive' }) as Argv<FixArgs>,
  handler: async (args) => {
    process.exitCode = await fix(args, processScreen());
  },
};

/** Repairs the code, and returns the exit code of a run of it as it is then. */
async function fix(args: FixArgs, screen: Screen): Promise<number> {
  const settings = await settingsOf(args, process.cwd());
  if (!args.yes && !args.check && !canAsk())
    throw new TemporalReplayError('USAGE', 'There is no terminal to ask on.', {
      hint: 'Run `replay fix --yes` to write every change that was tried, or `replay fix --check` to only look.',
    });
  const signal = abortOnSignals();
  const sources = await openSources(args, settings, signal);
  const histories = await inMemory(sources.histories);
  const session = new FixSession(settings, histories, signal, screen);
  if (args.check) return session.check();
  const outcome = await session.repair(args);
  session.showOutcome(outcome);
  return exitCodeOfSignal() ?? exitCodeOf(outcome.report, settings.config);
}

/** Collects histories, which are replayed several times. Those of files are read each time. */
async function inMemory(
  sources: Iterable<HistorySource> | AsyncIterable<HistorySource>,
): Promise<HistorySource[]> {
  const histories: HistorySource[] = [];
  for await (const source of sources) histories.push(source);
  return histories;
}

/** The replays, questions and outputs of one repair. */
class FixSession {
  private readonly paint: Paint;
  private lastReport: DiagnosedReport | null = null;
  /** Set once a cause was accepted, so that the next replay knows the baseline. */
  private baseline: string | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly histories: readonly HistorySource[],
    private readonly signal: AbortSignal,
    private readonly screen: Screen,
  ) {
    this.paint = paintFor(screen.color);
  }

  /** Prints all changes as one diff, and writes nothing. */
  async check(): Promise<number> {
    const { settings, screen } = this;
    const report = await this.replay();
    const interrupted = exitCodeOfSignal();
    if (interrupted !== null) return interrupted;
    const { fixes, unfixable } = fixesIn(report, settings.config);
    for (const { remedy } of fixes) {
      const files = await editFiles(remedy.edits, settings.cwd);
      screen.document(diffText(files, settings.cwd));
    }
    screen.note([
      ...fixes.map(({ group, remedy }) => `${this.heading(group)}: ${remedy.title}`),
      ...unfixable.flatMap((group) => [this.heading(group), `    ${reasonWithoutCode(group.remedies)}`]),
      totalsText(report.summary),
    ]);
    return exitCodeOf(report, settings.config);
  }

  repair({ yes = false, interactive = false }: FixArgs): Promise<FixOutcome> {
    const { settings, signal } = this;
    const { strict = false, failOnExisting = false } = settings.config;
    return fixHistories({
      cwd: settings.cwd,
      signal,
      strict,
      failOnExisting,
      replay: () => this.replay(),
      decide: async (proposed, files) => {
        this.show(proposed, files);
        if (yes) return 'write';
        return interactive ? this.choose(proposed.group, true) : this.confirm();
      },
      ...(interactive && {
        decideWithout: async (group: FailureGroup) => {
          this.showGroup(group);
          return (await this.choose(group, false)) as Exclude<FixDecision, 'write'>;
        },
      }),
    });
  }

  private async replay(): Promise<DiagnosedReport> {
    const { settings, histories, signal, screen } = this;
    const { config, cwd } = settings;
    const options = {
      adviceTimeout: ADVICE_TIMEOUT,
      ...replayOptionsOf(config),
      ...(this.baseline !== undefined && { baseline: this.baseline }),
    };
    const run = startReplay({ ...options, histories, cwd, signal });
    const live = screen.isTerminal ? new LiveLine(screen) : null;
    let done = 0;
    for await (const result of run) live?.update(result, { done: ++done, total: histories.length });
    live?.say('trying changes');
    const report = await run.report();
    this.lastReport = report;
    live?.clear();
    if (!signal.aborted) requireEnoughHistories(report, config);
    return report;
  }

  private heading({ verdict, count, headline, location }: FailureGroup): string {
    const place = location ? ` at ${placeText(location)}` : '';
    return `${styleOf(verdict).mark} ${verdict} × ${count}  ${headline}${place}`;
  }

  private showGroup(group: FailureGroup): void {
    const { paint } = this;
    this.screen.print(['', paintVerdict(group.verdict, this.heading(group), paint), `    ${group.impact}`]);
  }

  private show({ group, remedy }: Fix, files: readonly EditedFile[]): void {
    const { paint, screen, settings } = this;
    this.showGroup(group);
    screen.print([
      `    ${paint.bold(remedy.title)}`,
      `    ${remedy.text}`,
      ...(remedy.trial ? [`    ${trialText(remedy.trial)}`] : []),
      '',
    ]);
    const lines = paintedDiff(diffText(files, settings.cwd), paint);
    screen.print(lines.map((line) => `    ${line}`.trimEnd()));
  }

  private async confirm(): Promise<FixDecision> {
    const answer = await ask('\nWrite this change? [Y/n/q] ');
    if (answer === null || /^q/i.test(answer)) return 'stop';
    return /^(y(es)?)?$/i.test(answer) ? 'write' : 'skip';
  }

  private async choose(group: FailureGroup, hasFix: boolean): Promise<FixDecision> {
    const keys = `${hasFix ? '[p]atch, ' : ''}[a]ccept into the baseline, [o]pen in the editor, [s]kip, [q]uit`;
    for (;;) {
      const answer = await ask(`\n${keys}: `);
      switch (answer?.[0]?.toLowerCase()) {
        case 'p':
          if (hasFix) return 'write';
          break;
        case 'a':
          if (await this.accept(group)) return 'again';
          break;
        case 'o':
          if (await this.open(group)) return 'again';
          break;
        case 's':
          return 'skip';
        case 'q':
        case undefined:
          if (answer === null || answer !== '') return 'stop';
      }
    }
  }

  /** Asks for a reason and accepts a cause into the baseline. Returns false without a reason. */
  private async accept(group: FailureGroup): Promise<boolean> {
    const reason = await ask('Why is it accepted for now? ');
    if (!reason) return false;
    const { acceptGroup } = await import('../accept-group.js');
    const { file, expires } = await acceptGroup(group, this.lastReport!, this.settings, reason);
    this.baseline = file;
    this.screen.print(`Accepted in ${file} until ${expires}.`);
    return true;
  }

  private async open({ location }: FailureGroup): Promise<boolean> {
    const { openInEditor } = await import('../terminal/editor.js');
    const problem = location
      ? await openInEditor(resolve(this.settings.cwd, location.file), location.line)
      : 'The cause has no place in the source.';
    if (problem !== null) this.screen.note(problem);
    return problem === null;
  }

  showOutcome({ kept, undone, files, report }: FixOutcome): void {
    const { screen, settings, paint } = this;
    const { unfixable } = fixesIn(report, settings.config);
    const mended = kept.reduce((sum, { group }) => sum + group.count, 0);
    screen.print([
      '',
      ...(kept.length === 0
        ? ['Nothing was changed.']
        : [
            paint.green(
              `${historiesText(mended)} ${mended === 1 ? 'passes' : 'pass'} again. Changed: ${files.map((path) => relative(settings.cwd, path)).join(', ')}`,
            ),
          ]),
      ...undone.map(
        ({ group }) => `Taken back, since other histories failed with it: ${this.heading(group)}`,
      ),
      ...unfixable.flatMap((group) => [
        `Left: ${this.heading(group)}`,
        `    ${reasonWithoutCode(group.remedies)}`,
      ]),
      totalsText(report.summary, (verdict, count) => paintVerdict(verdict, count, paint)),
    ]);
  }
}
