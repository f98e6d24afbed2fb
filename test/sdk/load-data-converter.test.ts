import { join } from 'node:path';
import { checkConverter } from '../../src/sdk/check-converter';
import { loadDataConverter } from '../../src/sdk/load-data-converter';
import { scratchDirectory } from '../helpers/replay-cli';
import { writeFiles } from '../helpers/write-files';

const CODEC =
  'class Codec { async encode(payloads) { return payloads; } async decode(payloads) { return payloads; } }\n';

function moduleWith(code: string): string {
  const directory = scratchDirectory();
  writeFiles(directory, { 'data-converter.ts': CODEC + code });
  return join(directory, 'data-converter.ts');
}

describe('loadDataConverter', () => {
  it.each([
    ['the export dataConverter', 'export const dataConverter = { payloadCodecs: [new Codec()] };'],
    ['the promise of one', 'export const dataConverter = Promise.resolve({ payloadCodecs: [new Codec()] });'],
    ['the default export', 'export default { payloadCodecs: [new Codec()] };'],
    ['module.exports', 'module.exports = { payloadCodecs: [new Codec()] };'],
    ['exports of its options', 'export const payloadCodecs = [new Codec()];'],
  ])('takes %s', async (_, code) => {
    const { payloadCodecs } = await loadDataConverter(moduleWith(code));

    expect(payloadCodecs).toHaveLength(1);
  });

  it('takes an empty object that is named as a data converter', async () => {
    expect(await loadDataConverter(moduleWith('export const dataConverter = {};'))).toEqual({});
  });

  it.each([
    ['an async factory', 'export async function makeDataConverter() { return {}; }', 'makeDataConverter()'],
    [
      'a factory with arguments',
      'export const converterFor = (key: string) => ({});',
      'converterFor(/* its arguments */)',
    ],
    ['a factory as its default export', 'export default async function build() { return {}; }', 'build()'],
    [
      'a factory that is named dataConverter',
      'export const dataConverter = () => ({});',
      'makeDataConverter()',
    ],
    ['another name', 'export const own = { payloadCodecs: [new Codec()] };', 'own'],
    ['a codec', 'export const own = new Codec();', '{ payloadCodecs: [own] }'],
    ['the class of a codec', 'export { Codec };', '{ payloadCodecs: [new Codec()] }'],
    [
      'a codec as its default export',
      'export default new Codec();',
      '{ payloadCodecs: [/* your codecs */] }',
    ],
    [
      'the class of a codec with a factory',
      'export class Aes extends Codec { static async create(key: string) { return new Aes(); } }',
      'Aes.create(/* its arguments */).then((codec) => ({ payloadCodecs: [codec] }))',
    ],
    [
      'a function for a codec',
      'export const newCodec = () => new Codec();',
      '{ payloadCodecs: [newCodec()] }',
    ],
    ['nothing of use', 'export const LIMIT = 1;', '{ payloadCodecs: [/* your codecs */] }'],
  ])('refuses a module that exports %s, with the line to write', async (_, code, value) => {
    const path = moduleWith(code);

    await expect(loadDataConverter(path)).rejects.toMatchObject({
      code: 'CONVERTER_INVALID',
      message: `The module ${path} exports no data converter. Add this line to it: export const dataConverter = ${value};`,
    });
  });

  it('refuses the module of a payload converter, and says where it belongs', async () => {
    const path = moduleWith('export const payloadConverter = { toPayload() {}, fromPayload() {} };');

    await expect(loadDataConverter(path)).rejects.toMatchObject({
      message: `The module ${path} exports no data converter. It exports a payload converter: give it as payloadConverter (--payload-converter).`,
    });
  });

  it.each([
    ['a promise of a codec', '[Promise.resolve(new Codec())]'],
    ['the class of a codec', '[Codec]'],
    ['one codec', 'new Codec()'],
  ])('refuses %s as payloadCodecs', async (_, codecs) => {
    const path = moduleWith(`export const dataConverter = { payloadCodecs: ${codecs} };`);

    await expect(loadDataConverter(path)).rejects.toMatchObject({
      code: 'CONVERTER_INVALID',
      message: `payloadCodecs of the data converter ${path} is no array of objects with the methods encode and decode.`,
    });
  });

  it.each([
    ['a module that throws', "throw new Error('KMS_KEY is missing');"],
    [
      'a promise that rejects',
      "export const dataConverter = Promise.reject(new Error('KMS_KEY is missing'));",
    ],
  ])('passes on the error of %s', async (_, code) => {
    const path = moduleWith(code);

    await expect(loadDataConverter(path)).rejects.toMatchObject({
      code: 'CONVERTER_INVALID',
      message: `The data converter ${path} cannot be loaded: KMS_KEY is missing`,
    });
  });
});

describe('checkConverter', () => {
  it('accepts what the SDK accepts', async () => {
    await checkConverter(
      moduleWith('export const payloadConverter = { toPayload() {}, fromPayload() {} };'),
      'payloadConverter',
    );
    await checkConverter(
      moduleWith('export const failureConverter = { errorToFailure() {}, failureToError() {} };'),
      'failureConverter',
    );
  });

  it.each([
    ['exports it by another name', 'export const converter = { toPayload() {}, fromPayload() {} };'],
    ['exports its class', 'export class payloadConverter { toPayload() {} fromPayload() {} }'],
  ])('refuses a module that %s', async (_, code) => {
    const path = moduleWith(code);

    await expect(checkConverter(path, 'payloadConverter')).rejects.toMatchObject({
      code: 'CONVERTER_INVALID',
      message: `The module ${path} exports no payload converter with the methods toPayload and fromPayload.`,
    });
  });
});
