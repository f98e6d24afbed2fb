const MAX_INPUT_LENGTH = 300;

/** A handler error for an operation that a service does not have. The server does not retry it. */
class OperationNotMocked extends Error {
  override readonly name = 'HandlerError';
  readonly type = 'NOT_FOUND';
}

/** Creates the error of an operation that the test does not mock. */
export function nexusOperationNotMocked(
  { service, operation, input }: { service: string; operation: string; input: unknown },
  known: readonly string[],
): Error {
  const json = JSON.stringify(input) ?? '';
  const shown = json.length > MAX_INPUT_LENGTH ? `${json.slice(0, MAX_INPUT_LENGTH)}…` : json;
  const there = known.length > 0 ? `It mocks ${[...known].sort().join(', ')}.` : 'It mocks none.';
  return new OperationNotMocked(
    `The workflow called the Nexus operation ${operation}(${shown}) of ${service}, which this test does not mock. ${there}`,
  );
}
