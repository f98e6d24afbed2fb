/** Workflows that end or damage the process in which the screen runs them have the verdict that core gives them. */
import { replayInHost, reportOf } from '../helpers/replay-cli';
import { RUN, unrulyService } from './unruly-service';

async function outcomeOf(types: readonly string[], ...flags: readonly string[]) {
  const cwd = unrulyService(types);
  const run = await replayInHost([...RUN, '--concurrency', '1', ...flags], { cwd });
  const { results, engine: counts } = reportOf(run);
  const outcomes = results
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .map(({ verdict, error }) => [verdict, error?.code].join(' ').trim());
  return { outcomes, counts };
}

it('a rejection that the code leaves unhandled as it throws ends no process', async () => {
  const { outcomes, counts } = await outcomeOf(['good', 'rejects', 'good']);

  expect(outcomes).toEqual(['compatible', 'failed WORKFLOW_TASK_FAILED', 'compatible']);
  expect(counts).toMatchObject({ screened: 2, unsure: { 'workflow task failed': 1 } });
});

it('a history over which the process of the screen ends is replayed by core', async () => {
  const { outcomes, counts } = await outcomeOf(['good', 'exits', 'good']);

  expect(outcomes).toEqual(['compatible', 'compatible', 'compatible']);
  expect(counts).toMatchObject({ byCore: 1 });
});

it('an endless loop has the verdict of core', async () => {
  const { outcomes } = await outcomeOf(['loops'], '--timeout', '1s');

  expect(outcomes).toEqual(['timeout TIMEOUT']);
});

it('an error whose message UTF-8 cannot hold is no endless loop', async () => {
  const { outcomes } = await outcomeOf(['throws']);

  expect(outcomes).toEqual(['failed WORKFLOW_TASK_FAILED']);
});
