import type { Client, Connection } from '@temporalio/client';
import type { LoadedDataConverter } from '@temporalio/common';
import type { TestWorker } from '../connection/test-worker';
import type { Bundle, OpenedServer, ServerRequest, TestWorkerContract } from '../worker/protocol';
import type { AnyFunction } from './mock-function';

type Requests = TestWorkerContract['peerRequests'];

/** Name of a request by which the test worker calls mocks. `runActivity` is none: it calls real activities, too. */
export type MockRequest = Exclude<keyof Requests, 'runActivity'>;

/** A handler of one of these requests. */
export type MockRequestHandler<R extends MockRequest> = (params: Requests[R][0]) => Promise<Requests[R][1]>;

/** The parts of an environment that its mocks use. */
export interface MockContext {
  testWorker: TestWorker;
  server: ServerRequest;
  opened: OpenedServer;
  bundle: Bundle;
  converter: LoadedDataConverter;
  connection: Connection;
  client: Client;
  /** Task queue of the environment's own SDK worker. */
  taskQueue: string;
  /** Lets workflow time pass. */
  letTimePass(ms: number): Promise<void>;
  /** Makes a call, and records that something happened in the environment when it begins and when it ends. */
  recordingActivity<T>(call: () => Promise<T>): Promise<T>;
}

/** The mocks of one kind in one environment. `R` is the request by which the test worker calls them. */
export interface OpenedMocks<R extends MockRequest> {
  answer: MockRequestHandler<R>;
  /** Activities that the code of mocked workflows calls; they are hidden from the test. */
  activities?: Readonly<Record<string, AnyFunction>>;
  /** Workflow types that run `mocked-workflow.ts` instead of the service's code. */
  workflowTypes?: readonly string[];
  /** Task queues to poll besides those of the environment. */
  taskQueues?: readonly string[];
  /** The Nexus operations that the mocks carry out. */
  operations?: OperationAttempts;
  /** Starts the SDK workers that only these mocks need. */
  start?(): Promise<void>;
  /** Fails all running calls: an SDK worker waits for its calls before it stops. */
  endCalls?(): void;
  /** Deletes what the mocks have created on the server. */
  deleteFromServer?(): Promise<void>;
}

/** Nexus operations in the test file's process. */
export interface OperationAttempts {
  readonly running: readonly RunningOperation[];
  readonly failed: readonly FailedOperation[];
}

/** A Nexus operation that is running. */
export interface RunningOperation {
  service: string;
  operation: string;
  startedAtMs: number;
}

/** The failed last attempt of an operation. */
export interface FailedOperation extends Omit<RunningOperation, 'startedAtMs'> {
  /** Number of the attempt, from 1. */
  attempt: number;
  message: string;
  failedAtMs: number;
}
