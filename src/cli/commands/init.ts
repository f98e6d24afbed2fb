import type { Argv } from 'yargs';
import { TemporalReplayError } from '../../errors';
import type { CiKind } from '../../init/ci-files';
import { type InitPlan, type PlannedFile, planInit } from '../../init/plan';
import { WORKER_ADVICE } from '../../init/render-config';
import { hasCode } from '../../init/worker-code';
import { writePlan } from '../../init/write-plan';
import type { Screen } from '../../report/screen';
import { type Paint, paintFor } from '../../report/text/paint';
import { refuseRepeatedFlags } from '../options/repeated-flags';
import { ask, canAsk } from '../terminal/ask';
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
  const paint = paintFor(screen.color);
  const plan = await planInit({ root, force: args.force ?? false, ci: args.ci });
  showFindings(plan, screen, paint);
  showFiles(plan, screen, paint);
  const isComplete = plan.files.every(({ content }) => content === null);
  if (!isComplete && args.dryRun) {
    screen.print(['', 'Nothing was written: --dry-run.']);
    showNext(plan, screen, paint);
  } else if (!isComplete && !args.yes && !(await isConfirmed(screen))) {
    screen.print('Nothing was written.');
    return;
  } else {
    const written = await writePlan(plan, root);
    screen.print(['', written.length > 0 ? `Written: ${written.join(', ')}` : 'Nothing is left to write.']);
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

function showFindings(plan: InitPlan, screen: Screen, paint: Paint): void {
  screen.print(paint.bold('Found'));
  for (const project of plan.projects) {
    const code = project.codePath ?? project.worker ?? 'workflows unknown';
    const where = project.places.map(({ file, line }) => `${file}:${line}`).join(', ');
    screen.print(`  ${project.name}  ${code}${where ? paint.dim(`  (${where})`) : ''}`);
  }
  for (const { file, line } of plan.activitiesOnly)
    screen.print(paint.dim(`  ${file}:${line} has no workflows: nothing to replay`));
  if (plan.todos.length === 0) return;
  screen.print(['', `${paint.bold(paint.yellow('To do by hand'))} (it stands in the config as a comment)`]);
  for (const { place, option, what } of plan.todos)
    screen.print(`  ${place.file}:${place.line}  ${option}: ${what}`);
  if (plan.todos.some(({ option }) => option === 'worker'))
    screen.print(WORKER_ADVICE.map((line) => `  ${line}`));
}

const WORDS: Readonly<Record<PlannedFile['action'], string>> = {
  create: 'new',
  change: 'changed',
  replace: 'replaced',
  keep: 'is there already and stays as it is',
  same: 'is there already',
};

function showFiles({ files, byHand, ci }: InitPlan, screen: Screen, paint: Paint): void {
  screen.print(['', paint.bold('Files')]);
  for (const { path, action, shown, note } of files) {
    screen.print(`  ${path}  ${paint.dim(WORDS[action] + (note === null ? '' : ` (${note})`))}`);
    const lines = shown.split('\n').slice(0, -1);
    screen.print(lines.map((line) => paint.green(`    + ${line}`.trimEnd())));
  }
  for (const { file, text } of byHand) {
    const lines = text.trimEnd().split('\n');
    screen.print(['', `${paint.bold(`Add to ${file}`)} (it is never edited)`]);
    screen.print(lines.map((line) => `    ${line}`.trimEnd()));
  }
  if (ci === 'none') screen.print(paint.dim('  no CI found: --ci github or --ci gitlab writes its file'));
}

async function isConfirmed(screen: Screen): Promise<boolean> {
  if (!canAsk())
    throw new TemporalReplayError('USAGE', 'Nothing was written: there is no terminal to ask on.', {
      hint: 'Run `replay init --yes` to write these files, or `replay init --dry-run` to only look.',
    });
  screen.print('');
  const answer = await ask('Write these files? [Y/n] ');
  return answer !== null && /^(y(es)?)?$/i.test(answer);
}

function showNext({ next, projects, sdkProblem }: InitPlan, screen: Screen, paint: Paint): void {
  if (projects.some((project) => !hasCode(project)))
    screen.print([
      '',
      'Fill in what is marked TODO in the config: until then not all of the code is replayed.',
    ]);
  if (sdkProblem !== null) screen.print(['', paint.bold(paint.yellow('SDK')), `  ${sdkProblem}`]);
  screen.print(['', paint.bold('Next'), ...next.map((command) => `  ${command}`)]);
}
