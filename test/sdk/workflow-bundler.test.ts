import * as worker from '@temporalio/worker';

const INTERNALS = '../../src/sdk/workflow-creator';

beforeEach(() => jest.resetModules());

const load = (): typeof import('../../src/sdk/workflow-bundler') =>
  require('../../src/sdk/workflow-bundler') as typeof import('../../src/sdk/workflow-bundler');

it('returns the bundler and the logger of the SDK without loading its worker', () => {
  const loadsWorker = jest.fn();
  jest.doMock('@temporalio/worker', () => {
    loadsWorker();
    return worker;
  });

  const { bundleWorkflowCode, DefaultLogger } = load().workflowBundler();

  expect(loadsWorker).not.toHaveBeenCalled();
  expect(bundleWorkflowCode.toString()).toBe(worker.bundleWorkflowCode.toString());
  expect(DefaultLogger.toString()).toBe(worker.DefaultLogger.toString());
  jest.dontMock('@temporalio/worker');
});

it('returns those of the whole package if the modules of the SDK are elsewhere', () => {
  jest.doMock(INTERNALS, () => ({ requireInternal: () => undefined }));

  const { bundleWorkflowCode } = load().workflowBundler();

  expect(bundleWorkflowCode.toString()).toBe(worker.bundleWorkflowCode.toString());
  jest.dontMock(INTERNALS);
});
