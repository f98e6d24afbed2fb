import { TemporalReplayError } from '../errors';
import { hasMethods } from './data-converter-advice';
import { loadConverterModule } from './load-data-converter';

/** The exports of a converter's module that go into a bundle, each with the methods that the SDK calls. */
const METHODS = {
  payloadConverter: ['toPayload', 'fromPayload'],
  failureConverter: ['errorToFailure', 'failureToError'],
} as const;

/**
 * Checks the module of a payload or failure converter, as the SDK's worker does when it starts. A bundle takes the SDK's own
 * converter, without a word, if the module does not export another.
 *
 * @throws CONVERTER_INVALID
 */
export async function checkConverter(path: string, kind: keyof typeof METHODS): Promise<void> {
  const what = kind === 'payloadConverter' ? 'payload converter' : 'failure converter';
  const exported = await loadConverterModule(path, what);
  if (hasMethods(exported[kind], ...METHODS[kind])) return;
  throw new TemporalReplayError(
    'CONVERTER_INVALID',
    `The module ${path} exports no ${what} with the methods ${METHODS[kind].join(' and ')}.`,
    { hint: `Add this line to it: export const ${kind} = …;` },
  );
}
