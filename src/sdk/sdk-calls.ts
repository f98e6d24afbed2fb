/**
 * Calls of the SDK that are recognized on the stack of a command, by the names of its functions and source files
 * (`@temporalio/workflow/src`, checked on SDK 1.24.0; `test/sdk/sdk-calls.test.ts` fails if an upgrade renames them). If a
 * name is not found, an interceptor is taken for the place of a command, and a timer for one that the code waits for.
 */
export interface SdkCall {
  /** Source file of the package. */
  file: string;
  function: string | null;
}

/** Source files through which `next` of an interceptor leads on. */
const PASSING_ON = /[\\/](interceptors|interceptor-composition|internals|current-random)\.[jt]s$/;

/** Returns true for a call of the chain that hands a command from one interceptor to the next, and to the SDK. */
export const isInterceptorChain = ({ file, function: name }: SdkCall): boolean =>
  PASSING_ON.test(file) || /NextHandler$/.test(name ?? '');

/** Returns true for `condition()`, which starts a timer by itself if it has a timeout. */
export const isCondition = ({ function: name }: SdkCall): boolean => /^condition/.test(name ?? '');
