/** Holds what `src/replay/trace/command-stacks.ts` relies on: a failure here after an upgrade points at that module. */
import { Activator } from '@temporalio/workflow/lib/internals';
import { type Frame, framesOfStack, ownCalls } from '../../../src/replay/trace/command-stacks';

const frame = (file: string, name: string): Frame => ({
  file,
  line: 1,
  column: 1,
  function: name,
  isPackage: file.includes('node_modules'),
});
const SDK = '/app/node_modules/@temporalio/workflow/src';

describe('the internals of the SDK that places rest on', () => {
  it('has one method through which every command goes, and one for what a workflow throws', () => {
    expect(Activator.prototype.pushCommand.length).toBe(1);
    expect(Activator.prototype.handleWorkflowFailure.length).toBe(1);
  });

  it('keeps the source maps of bundles by file name', () => {
    const shared = require('@temporalio/worker/lib/workflow/vm-shared') as {
      globalHandlers: { bundleFilenameToSourceMapConsumer: unknown };
    };

    expect(shared.globalHandlers.bundleFilenameToSourceMapConsumer).toBeInstanceOf(Map);
  });
});

describe('the calls of a stack that are the user’s own', () => {
  it('passes over an interceptor that only hands a call on', () => {
    const frames = [
      frame(`${SDK}/workflow.ts`, 'scheduleActivityNextHandler'),
      frame(`${SDK}/internals.ts`, 'Activator.withRandomSource'),
      frame('/app/src/interceptors.ts', 'CallerHeaders.scheduleActivity'),
      frame('/app/src/workflows.ts', 'order'),
    ];

    expect(ownCalls(frames).map((own) => own.function)).toEqual(['order']);
  });

  it('stays with an interceptor that issues a command of its own', () => {
    const frames = [
      frame(`${SDK}/workflow.ts`, 'timerNextHandler'),
      frame(`${SDK}/workflow.ts`, 'sleep'),
      frame('/app/src/interceptors.ts', 'Slow.execute'),
      frame(`${SDK}/internals.ts`, 'Activator.startWorkflow'),
    ];

    expect(ownCalls(frames).map((own) => own.function)).toEqual(['Slow.execute']);
  });

  it('reads the stack of an error, async frames and those without a name included, and only what has a source', () => {
    const stack = [
      'TypeError: boom',
      '    at charge (/app/src/steps.ts:12:4)',
      '    at async order (/app/src/workflows.ts:7:8)',
      '    at /app/src/workflows.ts:3:0',
      '    at evalmachine.<anonymous>:27:30',
      '    at activate (/app/node_modules/temporal-replay/lib/replay/engine/recording.js:41:22)',
    ].join('\n');

    const sources = new Set(['/app/src/steps.ts', '/app/src/workflows.ts']);

    expect(framesOfStack(stack, sources)).toMatchObject([
      { file: '/app/src/steps.ts', line: 12, column: 5, function: 'charge' },
      { file: '/app/src/workflows.ts', line: 7, column: 9, function: 'order' },
      { file: '/app/src/workflows.ts', line: 3, column: 1, function: null },
    ]);
  });
});
