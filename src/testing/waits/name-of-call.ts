import type { AwaitedCall } from '../connection/client';

/** Names a call at the start of a sentence, such as `The update rename`. */
export function nameOfCall(call: AwaitedCall): string {
  if (call.kind === 'sleep') return `The sleep of ${call.name}`;
  if (call.kind === 'result') return `The result of the workflow ${call.workflowId}`;
  return call.name === null ? `The ${call.kind}` : `The ${call.kind} ${call.name}`;
}
