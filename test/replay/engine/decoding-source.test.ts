import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodingSourceOf } from '../../../src/replay/engine/decoding-source';
import { scratchDirectory } from '../../helpers/replay-cli';
import { ANY_PROJECT } from '../../helpers/worker-source';

const NO_MODULE = { ...ANY_PROJECT.worker, worker: null, plugins: null, dataConverter: null };

/** Returns the source of decoding for a data converter with this code. */
function sourceOf(code: string, message: string, env: NodeJS.ProcessEnv = {}) {
  const path = join(scratchDirectory(), 'converter.js');
  writeFileSync(path, code);
  return decodingSourceOf({ ...NO_MODULE, dataConverter: path }, [], message, env);
}

describe('the source of decoding', () => {
  it.each([
    ['process.env.PAYLOAD_KEY'],
    ["process.env['PAYLOAD_KEY']"],
    ['const { OTHER, PAYLOAD_KEY: key } = process.env'],
    ["requireEnv('PAYLOAD_KEY')"],
  ])('names a variable that the error names and the code reads by %s', (code) => {
    expect(sourceOf(code, 'PAYLOAD_KEY is not set', { PAYLOAD_KEY: 'set' }).variables).toEqual([
      'PAYLOAD_KEY',
    ]);
  });

  it('names no variable that only the error names, since it may be a value of the history', () => {
    const code = "throw new Error('key of TOP_SECRET refused')";

    expect(sourceOf(code, 'key of TOP_SECRET refused').variables).toEqual([]);
  });

  it('names the variables that the code reads and that are not set, if the error names none', () => {
    const code = 'f(process.env.KEY_ID, process.env.REGION)';

    expect(sourceOf(code, 'Invalid key length', { REGION: 'eu' }).variables).toEqual(['KEY_ID']);
  });

  it('finds the variables in the code of a codec', () => {
    const codec = {
      encode: (payloads: never[]) => Promise.resolve(payloads),
      decode: () => Promise.reject(new Error(process.env['CODEC_SECRET_ID'])),
    };

    expect(decodingSourceOf(NO_MODULE, [codec], '', {}).variables).toContain('CODEC_SECRET_ID');
  });

  it('names the option and the path of the module', () => {
    const { module } = sourceOf('', '');

    expect(module).toMatchObject({ option: 'dataConverter', path: expect.stringMatching(/converter\.js$/) });
    expect(decodingSourceOf(NO_MODULE, [], '').module).toBeNull();
  });
});
