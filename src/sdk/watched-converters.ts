import { overriding } from './workflow-creator';

/**
 * Watches the payload and failure converter of a workflow, which run in the sandbox.
 *
 * Relies on `Activator.payloadConverter` and `Activator.failureConverter` (`@temporalio/workflow/lib/internals.js`, checked on
 * 1.9.3, 1.14.1 and 1.24.0), which are set before the first activation. If they are not found, nothing is watched.
 * `test/sdk/watched-converters.test.ts` fails when an upgrade changes them.
 */

type FromPayload = (payload: unknown, context?: unknown, hint?: unknown) => unknown;
interface Converters {
  payloadConverter?: { fromPayload?: FromPayload; converterByEncoding?: unknown };
  failureConverter?: { failureToError?: (...args: unknown[]) => unknown };
}

/**
 * Calls `onUndecoded` with each error that the converters throw over a recorded payload or failure.
 *
 * A hint comes from the type that the code declares. A payload that can be decoded without it counts as decoded: then the
 * declared type is wrong for it.
 */
export function watchConverters(workflow: object, onUndecoded: (err: unknown) => void): void {
  const { activator } = workflow as { activator?: Converters };
  if (!activator) return;
  const { payloadConverter, failureConverter } = activator;
  const watched =
    <A extends unknown[]>(decode: (...args: A) => unknown, isDecodable: (...args: A) => boolean) =>
    (...args: A): unknown => {
      try {
        return decode(...args);
      } catch (err) {
        if (!isDecodable(...args)) onUndecoded(err);
        throw err;
      }
    };
  if (typeof payloadConverter?.fromPayload === 'function') {
    const fromPayload = payloadConverter.fromPayload.bind(payloadConverter);
    const isDecodable: (...args: Parameters<FromPayload>) => boolean = (payload, context, hint) =>
      hint !== undefined && succeeds(() => fromPayload(payload, context));
    activator.payloadConverter = overriding(payloadConverter, {
      fromPayload: watched(fromPayload, isDecodable),
    });
  }
  if (typeof failureConverter?.failureToError === 'function') {
    const failureToError = failureConverter.failureToError.bind(failureConverter);
    activator.failureConverter = overriding(failureConverter, {
      failureToError: watched(failureToError, () => false),
    });
  }
}

/** Returns the encodings that the payload converter of a workflow decodes; null if it does not tell. */
export function encodingsOf(workflow: object): readonly string[] | null {
  const { converterByEncoding } = (workflow as { activator?: Converters }).activator?.payloadConverter ?? {};
  // A map of the sandbox's realm is no instance of this realm's `Map`.
  if (Object.prototype.toString.call(converterByEncoding) !== '[object Map]') return null;
  return [...(converterByEncoding as Map<string, unknown>).keys()].map(String);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
