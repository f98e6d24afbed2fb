/** How many callers are kept: the SDK's and this library's stand before the test's own. */
const KEPT_FRAMES = 30;

/**
 * To be called where a test calls: gives errors that are made later, elsewhere, the stack of that call, so that a test
 * runner shows the line of the test.
 */
export function captureCallerStack(): (err: unknown) => unknown {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = KEPT_FRAMES;
  const call: { stack?: string } = {};
  Error.captureStackTrace(call, captureCallerStack);
  Error.stackTraceLimit = limit;
  const frames = call.stack?.split('\n').slice(1).join('\n') ?? '';
  return (err) => {
    if (err instanceof Error && frames !== '') err.stack = `${err.name}: ${err.message}\n${frames}`;
    return err;
  };
}
