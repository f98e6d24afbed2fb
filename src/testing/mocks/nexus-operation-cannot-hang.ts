/** A handler error that is not tried again. */
class OperationHangs extends Error {
  override readonly name = 'HandlerError';
  readonly type = 'NOT_IMPLEMENTED';
}

/** The time-skipping server (1.40) skips no time while an operation is under way, and lets no attempt time out. */
export const nexusOperationCannotHang = (service: string, operation: string): Error =>
  new OperationHangs(
    `The mock of the Nexus operation ${operation} of ${service} is hang(), which only activities and child workflows can do: let it throw what the workflow is to see instead.`,
  );
