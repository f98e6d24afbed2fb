/** A handler error that the server does not retry. */
class OperationCannotHang extends Error {
  override readonly name = 'HandlerError';
  readonly type = 'NOT_IMPLEMENTED';
}

/**
 * Creates the error of an operation mocked with `hang()`. The time-skipping server (1.40) skips no time while an operation is
 * running, and lets no attempt time out.
 */
export const nexusOperationCannotHang = (service: string, operation: string): Error =>
  new OperationCannotHang(
    `The mock of the Nexus operation ${operation} of ${service} uses hang(), which only activities and child workflows support. Make it throw the error that the workflow should see.`,
  );
