/**
 * Relies on `InternalConnectionOptionsSymbol` (`@temporalio/client/lib/connection.js`, checked on 1.14.1 and 1.24.0), by which
 * `TestWorkflowEnvironment` gives its connections a `testService`. `test/testing/time/workflow-time.test.ts` fails when an
 * upgrade changes it. Without the symbol a connection has no `testService`, and a test's time is real.
 */
interface InternalConnection {
  InternalConnectionOptionsSymbol?: symbol;
}

/** Returns options for `Connection.connect` that give the connection a `testService`, to control skipped time. */
export function testServiceOptions(): object {
  const { InternalConnectionOptionsSymbol: internalOptions } = connectionModule();
  return internalOptions === undefined ? {} : { [internalOptions]: { supportsTestService: true } };
}

function connectionModule(): InternalConnection {
  try {
    return require('@temporalio/client/lib/connection') as InternalConnection;
  } catch {
    return {};
  }
}
