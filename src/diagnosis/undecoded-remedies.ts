import type { ProposedRemedy } from '../model/diagnosis';
import { relativeFile } from '../source/relative-location';
import { type RemedyContext, remedy } from './remedy';

/** Returns the remedies for a payload that could not be decoded. They name the variable, file or option that is likely wrong. */
export function remediesForUndecoded({ trace, cwd }: RemedyContext): ProposedRemedy[] {
  const { step, subject, source } = trace.undecoded!;
  const file = source.module && relativeFile(source.module.path, cwd);
  const option = source.module?.option ?? null;
  // Without a codec, the worker's module or a payload converter alone may still be all that the service has.
  if (file === null || option === null) return [step === 'storage' ? giveStorage() : giveCodec()];
  const of = `${option} (${file})`;
  const variables = source.variables.join(', ');
  const set = variables === '' ? [] : [checkVariables(variables, file)];
  switch (step) {
    case 'codec':
      return [
        ...set,
        fixDecoding(
          `Check the payload ${subject === null ? 'codec' : `codec ${subject}`} of ${of} and its key`,
          'The codec threw while it decoded the recorded run, and its message says why. Nothing is known of the code: the history was not replayed any further.',
        ),
      ];
    case 'storage':
      return [
        fixDecoding(
          `Check externalStorage of ${of}: its drivers, and that the stored objects still exist`,
          'The history holds references to payloads outside of it, and they were not retrieved. Nothing is known of the code.',
        ),
        ...set,
      ];
    case 'converter':
      return [
        fixDecoding(
          `Give ${of} the payload codec or the payload converter that the worker of the run had`,
          'No converter takes what the codecs returned: a codec is missing, has another key, or the payload converter that wrote it is not in the bundle (payloadConverter, --payload-converter).',
        ),
        ...set,
      ];
  }
}

const fixDecoding = (title: string, text: string): ProposedRemedy => remedy('fix-decoding', title, text);

const checkVariables = (variables: string, file: string): ProposedRemedy =>
  fixDecoding(
    `Check the environment variable ${variables}`,
    `The data converter of ${file} reads it. It must have the value with which the run was recorded, in CI too.`,
  );

const giveCodec = (): ProposedRemedy =>
  remedy(
    'give-codec',
    'Say how the payloads are decoded: --data-converter <module>',
    'The history holds payloads that were encoded by a codec of its worker. The module is the one that exports the data converter which the worker is given.',
    { command: 'npx replay run --data-converter src/data-converter.ts' },
  );

const giveStorage = (): ProposedRemedy =>
  remedy(
    'give-codec',
    'Say where the payloads are stored: --data-converter <module>',
    'The history holds references to payloads outside of it. The module is the one that exports the data converter, with its externalStorage, which the worker is given.',
    { command: 'npx replay run --data-converter src/data-converter.ts' },
  );
