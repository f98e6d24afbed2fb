/**
 * A call of the SDK on the stack of a command, recognized by the names of functions and source files
 * (`@temporalio/workflow/src`, checked on SDK 1.24.0; `test/sdk/sdk-calls.test.ts` fails if an upgrade renames them). If a name
 * is not recognized, an interceptor is shown as the place of a command, and the timer of a `condition()` as one of the code.
 */
export interface SdkCall {
  /** Source file of the package. */
  file: string;
  function: string | null;
}

/** Source files on the stack between an interceptor's `next` and the next interceptor. */
const PASSING_ON = /[\\/](interceptors|interceptor-composition|internals|current-random)\.[jt]s$/;

/** Returns true for a call of the chain that passes a command from one interceptor to the next, and to the SDK. */
export const isInterceptorChain = ({ file, function: name }: SdkCall): boolean =>
  PASSING_ON.test(file) || /NextHandler$/.test(name ?? '');

/** Returns true for `condition()`, which starts a timer itself if it has a timeout. */
export const isCondition = ({ function: name }: SdkCall): boolean => /^condition/.test(name ?? '');
