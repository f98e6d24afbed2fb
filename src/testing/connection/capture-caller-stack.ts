import { join, sep } from 'node:path';

/** Directories of this package, which stacks name by source maps, too. Tests of the user lie in none of them. */
const OWN = ['lib', 'src'].map((name) => join(__dirname, '../../..', name) + sep);
/** Number of stack frames that are kept: frames of the SDK and of this library come before those of the test. */
const KEPT_FRAMES = 30;

/**
 * Captures the current stack. Returns a function that gives this stack to an error that is created later, so that the test runner
 * shows the line of the test that has made the call. Frames of this library, of the SDK and of Node are left out.
 */
export function captureCallerStack(): (err: unknown) => unknown {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = KEPT_FRAMES;
  const call: { stack?: string } = {};
  Error.captureStackTrace(call, captureCallerStack);
  Error.stackTraceLimit = limit;
  const all = call.stack?.split('\n').slice(1) ?? [];
  const ofTest = all.filter((frame) => !isInternal(frame));
  const frames = (ofTest.length > 0 ? ofTest : all).join('\n');
  return (err) => {
    if (err instanceof Error && frames !== '') err.stack = `${err.name}: ${err.message}\n${frames}`;
    return err;
  };
}

const isInternal = (frame: string): boolean =>
  OWN.some((directory) => frame.includes(directory)) || /[\\/]@temporalio[\\/]|\(?node:internal/.test(frame);
