import { framesOfStack, ownCalls, type Frame } from '../../../src/replay/trace/command-stacks';

const frame = (file: string, name: string): Frame => ({
  file,
  line: 1,
  column: 1,
  function: name,
  isOwn: !file.includes('node_modules'),
});
const SDK = '/app/node_modules/@temporalio/workflow/src';

describe('ownCalls', () => {
  it('leaves out an interceptor that only passes a call on', () => {
    const frames = [
      frame(`${SDK}/workflow.ts`, 'scheduleActivityNextHandler'),
      frame(`${SDK}/internals.ts`, 'Activator.withRandomSource'),
      frame('/app/src/interceptors.ts', 'CallerHeaders.scheduleActivity'),
      frame('/app/src/workflows.ts', 'order'),
    ];

    expect(ownCalls(frames).map((own) => own.function)).toEqual(['order']);
  });

  it('keeps an interceptor that issues a command itself', () => {
    const frames = [
      frame(`${SDK}/workflow.ts`, 'timerNextHandler'),
      frame(`${SDK}/workflow.ts`, 'sleep'),
      frame('/app/src/interceptors.ts', 'Slow.execute'),
      frame(`${SDK}/internals.ts`, 'Activator.startWorkflow'),
    ];

    expect(ownCalls(frames).map((own) => own.function)).toEqual(['Slow.execute']);
  });

  it('leaves out packages, and keeps the innermost call first', () => {
    const frames = [
      frame(`${SDK}/workflow.ts`, 'sleep'),
      frame('/app/src/steps.ts', 'pause'),
      frame('/app/node_modules/retry/index.js', 'retry'),
      frame('/app/src/workflows.ts', 'order'),
    ];

    expect(ownCalls(frames).map((own) => own.function)).toEqual(['pause', 'order']);
  });
});

describe('framesOfStack', () => {
  it('reads the frames of source files, async ones and ones without a name included', () => {
    const stack = [
      'TypeError: boom',
      '    at charge (/app/src/steps.ts:12:4)',
      '    at async order (/app/src/workflows.ts:7:8)',
      '    at /app/src/workflows.ts:3:0',
      '    at evalmachine.<anonymous>:27:30',
      '    at activate (/app/node_modules/temporal-replay/lib/replay/engine/core/recording.js:41:22)',
    ].join('\n');

    const sources = new Set(['/app/src/steps.ts', '/app/src/workflows.ts']);

    expect(framesOfStack(stack, sources)).toMatchObject([
      { file: '/app/src/steps.ts', line: 12, column: 5, function: 'charge' },
      { file: '/app/src/workflows.ts', line: 7, column: 9, function: 'order' },
      { file: '/app/src/workflows.ts', line: 3, column: 1, function: null },
    ]);
  });
});
