import { createInterface } from 'node:readline/promises';
import colors from 'picocolors';
import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import type { CiKind } from '../../init/ci-files';
import { type InitPlan, type PlannedFile, planInit } from '../../init/plan';
import { WORKER_ADVICE } from '../../init/render-config';
import { hasCode } from '../../init/worker-code';
import { writePlan } from '../../init/write-plan';
import type { Screen } from '../../report/reporter';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { processScreen } from '../terminal/screen';
import type { Command } from '../command';

interface InitArgs {
  yes?: boolean;
  dryRun?: boolean;
  force?: boolean;
  ci?: CiKind;
}

export const initCommand: Command<InitArgs> = {
  builder: (yargs) =>
    yargs
      .option('yes', { alias: 'y', type: 'boolean', describe: 'Write without asking' })
      .option('dry-run', { type: 'boolean', describe: 'Show what would be written, write nothing' })
      .option('force', { type: 'boolean', describe: 'Replace files that exist already' })
      .option('ci', {
        type: 'string',
        choices: ['github', 'gitlab', 'none'],
        describe: 'CI to configure (default: depends on the files and the remote of the repository)',
      }) as Argv<InitArgs>,
  handler: async (args) => {
    refuseRepeatedFlags(args);
    await init(args, process.cwd(), processScreen());
  },
};

/** Shows the plan, asks for a confirmation and writes the files. @throws USAGE if there is no terminal to ask on, or no workflow code */
async function init(args: InitArgs, root: string, screen: Screen): Promise<void> {
  const paint = colors.createColors(screen.color);
  const plan = await planInit({ root, force: args.force ?? false, ci: args.ci });
  showFindings(plan, screen, paint);
  showFiles(plan, screen, paint);
  const isComplete = plan.files.every(({ content }) => content === null);
  if (!isComplete && args.dryRun) {
    screen.out('\nNothing was written: --dry-run.\n');
    showNext(plan, screen, paint);
  } else if (!isComplete && !args.yes && !(await isConfirmed(screen))) {
    screen.out('Nothing was written.\n');
    return;
  } else {
    const written = await writePlan(plan, root);
    screen.out(written.length > 0 ? `\nWritten: ${written.join(', ')}\n` : '\nNothing is left to write.\n');
    showNext(plan, screen, paint);
  }
  if (!plan.projects.some(hasCode)) throw noCode(plan);
}

function noCode({ projects }: InitPlan): TemporalReplayError {
  const [place] = projects.flatMap(({ places }) => places);
  const where = place ? ` of ${place.file}:${place.line}` : '';
  return new TemporalReplayError('USAGE', `The workflows of the worker${where} were not found.`, {
    hint: 'Fill in what is marked TODO in the config: until then there is nothing to replay.',
  });
}

type Paint = ReturnType<typeof colors.createColors>;

function showFindings(plan: InitPlan, screen: Screen, paint: Paint): void {
  screen.out(paint.bold('Found\n'));
  for (const project of plan.projects) {
    const code = project.codePath ?? project.worker ?? 'workflows unknown';
    const where = project.places.map(({ file, line }) => `${file}:${line}`).join(', ');
    screen.out(`  ${project.name}  ${code}${where ? paint.dim(`  (${where})`) : ''}\n`);
  }
  for (const { file, line } of plan.activitiesOnly)
    screen.out(paint.dim(`  ${file}:${line} has no workflows: nothing to replay\n`));
  if (plan.todos.length === 0) return;
  screen.out(`\n${paint.bold(paint.yellow('To do by hand'))} (it stands in the config as a comment)\n`);
  for (const { place, option, what } of plan.todos)
    screen.out(`  ${place.file}:${place.line}  ${option}: ${what}\n`);
  if (plan.todos.some(({ option }) => option === 'worker'))
    screen.out(WORKER_ADVICE.map((line) => `  ${line}\n`).join(''));
}

const WORDS: Readonly<Record<PlannedFile['action'], string>> = {
  create: 'new',
  change: 'changed',
  replace: 'replaced',
  keep: 'is there already and stays as it is',
  same: 'is there already',
};

function showFiles({ files, byHand, ci }: InitPlan, screen: Screen, paint: Paint): void {
  screen.out(`\n${paint.bold('Files')}\n`);
  for (const { path, action, shown, note } of files) {
    screen.out(`  ${path}  ${paint.dim(WORDS[action] + (note === null ? '' : ` (${note})`))}\n`);
    for (const line of shown.split('\n').slice(0, -1))
      screen.out(paint.green(`    + ${line}`.trimEnd()) + '\n');
  }
  for (const { file, text } of byHand) {
    screen.out(`\n${paint.bold(`Add to ${file}`)} (it is never edited)\n`);
    for (const line of text.trimEnd().split('\n')) screen.out(`    ${line}`.trimEnd() + '\n');
  }
  if (ci === 'none') screen.out(paint.dim('  no CI found: --ci github or --ci gitlab writes its file\n'));
}

async function isConfirmed(screen: Screen): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new TemporalReplayError('USAGE', 'Nothing was written: there is no terminal to ask on.', {
      hint: 'Run `replay init --yes` to write these files, or `replay init --dry-run` to only look.',
    });
  screen.out('\n');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl-C and the end of the input count as a no.
  const left = new Promise<string>((answer) => terminal.once('close', () => answer('no')));
  terminal.once('SIGINT', () => {
    process.exitCode = 130;
    terminal.close();
  });
  const answer = await Promise.race([terminal.question('Write these files? [Y/n] '), left]);
  terminal.close();
  return /^(y(es)?)?$/i.test(answer.trim());
}

function showNext({ next, projects, sdkProblem }: InitPlan, screen: Screen, paint: Paint): void {
  if (projects.some((project) => !hasCode(project)))
    screen.out('\nFill in what is marked TODO in the config: until then not all of the code is replayed.\n');
  if (sdkProblem !== null) screen.out(`\n${paint.bold(paint.yellow('SDK'))}\n  ${sdkProblem}\n`);
  screen.out(`\n${paint.bold('Next')}\n`);
  for (const command of next) screen.out(`  ${command}\n`);
}
