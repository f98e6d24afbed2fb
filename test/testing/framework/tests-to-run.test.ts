/** Tests of `describeReplay` that are selected by `-t`. */
import { JEST, runSuite, VITEST, writeService } from '../../helpers/test-service';

/** Timeout of a replay, far beyond the time limit of these tests: a replay of the endless workflow makes them fail. */
const TIMEOUT = '30m';

const HISTORY = (workflowType: string): string =>
  JSON.stringify({
    events: [
      ['WORKFLOW_EXECUTION_STARTED', { workflowExecutionStartedEventAttributes: started(workflowType) }],
      ['WORKFLOW_TASK_SCHEDULED', { workflowTaskScheduledEventAttributes: { taskQueue: { name: 'q' } } }],
      ['WORKFLOW_TASK_STARTED', { workflowTaskStartedEventAttributes: { scheduledEventId: '2' } }],
      ['WORKFLOW_TASK_COMPLETED', { workflowTaskCompletedEventAttributes: completed }],
      ['WORKFLOW_EXECUTION_COMPLETED', { workflowExecutionCompletedEventAttributes: ended }],
    ].map(([type, attributes], index) => ({
      ...{
        eventId: String(index + 1),
        eventTime: '2026-01-01T00:00:00Z',
        eventType: `EVENT_TYPE_${type as string}`,
      },
      ...(attributes as object),
    })),
  });
const started = (name: string): object => ({
  ...{ workflowType: { name }, taskQueue: { name: 'q' }, workflowId: `${name}-1`, attempt: 1 },
  ...{ originalExecutionRunId: 'run', firstExecutionRunId: 'run', workflowTaskTimeout: '10s' },
});
const completed = { scheduledEventId: '2', startedEventId: '3' };
const ended = { workflowTaskCompletedEventId: '4' };

const FILES = {
  'src/workflows.ts': `export async function ends(): Promise<void> {}
export async function loops(): Promise<void> {
  for (;;);
}
`,
  'histories/ends.json': HISTORY('ends'),
  'histories/loops.json': HISTORY('loops'),
};
const TEST = `describe('stored', () => {
  describeReplay('histories', { workflowsPath: 'src/workflows.ts', timeout: '${TIMEOUT}' });
});
`;

it.each([
  [
    'jest',
    [JEST, '-t', 'stored histories ends'],
    {
      'package.json': '{ "name": "service", "private": true }',
      'jest.config.js': `module.exports = { preset: 'temporal-replay' };\n`,
      'src/stored.test.ts': `import { describeReplay } from 'temporal-replay/testing';\n${TEST}`,
    },
  ],
  [
    'vitest',
    [VITEST, 'run', '-t', 'stored histories ends'],
    {
      'package.json': '{ "name": "service", "private": true, "type": "module" }',
      'vitest.config.ts': `import { temporalReplay } from 'temporal-replay/vitest';\nexport default { plugins: [temporalReplay()] };\n`,
      'src/stored.test.ts': `import { describe } from 'vitest';\nimport { describeReplay } from 'temporal-replay/testing';\n${TEST}`,
    },
  ],
] as const)(
  'describeReplay under %s replays the histories of selected tests only',
  async (_, command, files) => {
    const service = writeService({ ...FILES, ...files });
    const { output } = await runSuite(service, [...command]);

    expect(output).toMatch(/1 passed/);
    expect(output).toMatch(/1 skipped/);
  },
);
