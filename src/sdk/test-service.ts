/**
 * The internal export with which `TestWorkflowEnvironment` gives its connections a `testService`:
 * `InternalConnectionOptionsSymbol` (`@temporalio/client/lib/connection.js`, checked on 1.14.1 and 1.24.0).
 * `test/testing/time/workflow-time.test.ts` fails when an upgrade changes it. Without the symbol a connection has no
 * `testService`, and tests cannot skip time.
 */
interface InternalConnection {
  InternalConnectionOptionsSymbol?: symbol;
}

/** Returns options for `Connection.connect` that give the connection a `testService`, which controls time skipping. */
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
