import type { temporal } from '@temporalio/proto';

export type Failure = temporal.api.failure.v1.IFailure;

/** Returns the message of a failure, also if its failure converter moved it into the encoded attributes. */
export const messageOfFailure = (failure: Failure | null | undefined): string =>
  encodedAttributesOf(failure)?.message ?? failure?.message ?? '';

/** Returns the stack trace of a failure, as {@link messageOfFailure} returns its message. */
export const stackOfFailure = (failure: Failure | null | undefined): string =>
  encodedAttributesOf(failure)?.stack_trace ?? failure?.stackTrace ?? '';

/** Returns the class of the error, such as `TypeError`; `Error` if the failure does not have it. */
export const errorTypeOf = (failure: Failure | null | undefined): string =>
  failure?.applicationFailureInfo?.type || classInStack(stackOfFailure(failure)) || 'Error';

/** Returns the class of an error from its stack (`TypeError: boom`), the only place where the failure of a workflow task has it. */
const classInStack = (stack: string): string | undefined =>
  /^(?:Uncaught )?([A-Z][\w$]*): /m.exec(stack)?.[1];

/** Returns what `encodeCommonAttributes` of the SDK's failure converter has encoded; null if it did not, or if it is not readable. */
function encodedAttributesOf(
  failure: Failure | null | undefined,
): { message?: string; stack_trace?: string } | null {
  const data = failure?.encodedAttributes?.data;
  if (!data?.length) return null;
  try {
    return JSON.parse(Buffer.from(data).toString()) as { message?: string; stack_trace?: string };
  } catch {
    return null;
  }
}
