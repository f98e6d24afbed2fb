/** Runs the steps of action.yml as GitHub's runner would. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ROOT } from '../helpers/replay-cli';
import { type ExpressionContext, interpolate, isTrue } from './expressions';

export interface Step {
  id?: string;
  name?: string;
  if?: string;
  shell?: string;
  run?: string;
  uses?: string;
  with?: Record<string, string>;
  env?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { description: string; default: string }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

export const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;
export const { steps } = action.runs;

export interface Job {
  /** Exit code of each run step that ran. */
  codes: Record<string, number | null>;
  log: string;
  /** Inputs of each step with `uses` that ran. */
  used: Record<string, Record<string, string>>;
  outputs: Record<string, string>;
}

/** Runs the steps of action.yml in order, and after a failure only those with always(). */
export function runAction(workspace: string, inputs: Record<string, string> = {}): Job {
  const temporary = mkdtempSync(join(workspace, 'runner-temp-'));
  const given = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, inputs[name] ?? input.default]),
  );
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  const context: ExpressionContext = {
    inputs: given,
    steps: outputs,
    runner: { os: 'Linux', arch: 'X64', temp: temporary },
  };
  const job: Job = { codes: {}, log: '', used: {}, outputs: {} };
  let failed = false;
  for (const step of steps) {
    const condition = step.if ?? 'always()';
    if ((failed && !step.if?.includes('always()')) || !isTrue(condition, context)) continue;
    const name = step.id ?? step.name!;
    if (step.uses !== undefined) {
      job.used[step.uses.split('@')[0]!] = Object.fromEntries(
        Object.entries(step.with!).map(([key, value]) => [key, interpolate(value, context)]),
      );
      continue;
    }
    const { status, log, output } = runStep(step, context, workspace, temporary);
    if (step.id !== undefined) outputs[step.id] = { outputs: output };
    job.codes[name] = status;
    job.log += log;
    failed ||= status !== 0;
  }
  job.outputs = Object.fromEntries(
    Object.entries(action.outputs).map(([name, { value }]) => [name, interpolate(value, context)]),
  );
  return job;
}

function runStep(
  step: Step,
  context: ExpressionContext,
  workspace: string,
  temporary: string,
): { status: number | null; log: string; output: Record<string, string> } {
  const outputFile = join(temporary, 'output');
  writeFileSync(outputFile, '');
  const script = join(temporary, 'step.sh');
  writeFileSync(script, step.run!);
  // GitHub's runner passes these arguments for `shell: bash`.
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-e', '-o', 'pipefail', script],
    {
      cwd: workspace,
      encoding: 'utf8',
      env: {
        ...process.env,
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: workspace,
        GITHUB_SHA: '0'.repeat(40),
        GITHUB_OUTPUT: outputFile,
        GITHUB_STEP_SUMMARY: join(temporary, 'summary.md'),
        RUNNER_TEMP: temporary,
        ...Object.fromEntries(
          Object.entries(step.env ?? {}).map(([name, value]) => [name, interpolate(value, context)]),
        ),
      },
    },
  );
  const lines = readFileSync(outputFile, 'utf8').split('\n').filter(Boolean);
  const output = Object.fromEntries(
    lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
  );
  return { status, log: stdout + stderr, output };
}
