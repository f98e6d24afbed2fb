/** Number of stack frames that are kept: frames of the SDK and of this library come before those of the test. */
const KEPT_FRAMES = 30;

/**
 * Captures the current stack. Returns a function that gives this stack to an error that is created later, so that the test runner
 * shows the line of the test that has made the call.
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
