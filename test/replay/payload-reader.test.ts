import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Payload } from '@temporalio/common';
import { PayloadReader } from '../../src/replay/payload-reader';
import type { Event } from '../../src/temporal/event';
import { openPayloadReader } from '../../src/run/open-payload-reader';
import { historyOf, json, started, task } from '../helpers/history-builders';
import { scratchDirectory } from '../helpers/replay-cli';

const CONVERTER = join(__dirname, '../services/converters/payload-converter.ts');

const money = (cents: string): Payload => ({
  metadata: { encoding: Buffer.from('text/money') },
  data: Buffer.from(cents),
});
const flipped = ({ metadata, data }: Payload): Payload => ({
  metadata: { encoding: Buffer.from('binary/flipped'), inner: metadata!['encoding']! },
  data: Buffer.from(data!).map((byte) => byte ^ 1),
});

const CODEC = `
  const codec = {
    encode: async (payloads) => payloads,
    decode: async (payloads) => payloads.map(({ metadata, data }) => {
      if (process.env.KEY === 'wrong') throw new RangeError('no such key');
      return { metadata: { encoding: metadata.inner }, data: data.map((byte) => byte ^ 1) };
    }),
  };`;

/** Returns the path of a module with a data converter whose codec flips bits. */
function codecModule(): string {
  const path = join(scratchDirectory(), 'data-converter.js');
  writeFileSync(path, `${CODEC}\nexports.dataConverter = { payloadCodecs: [codec] };\n`);
  return path;
}

const eventsWith = (...payloads: Payload[]): Event[] => {
  const [begin, ...rest] = historyOf(
    started({ input: { payloads }, workflowType: { name: 'order' } }),
    ...task(),
  );
  return [begin!, ...rest];
};
const inputOf = ({ events, readPayload }: Awaited<ReturnType<PayloadReader['read']>>): unknown[] =>
  (events[0]!.workflowExecutionStartedEventAttributes?.input?.payloads ?? []).map(readPayload);

describe('the values of a history', () => {
  it('are read as JSON without loading anything, if the default converter has made them', async () => {
    const reader = new PayloadReader(() => Promise.reject(new Error('loaded')));

    const readable = await reader.read({ history: { events: eventsWith(json({ id: 1 })) } });

    expect(inputOf(readable)).toEqual([{ id: 1 }]);
  });

  it('are decoded by the codecs and the payload converter of the service', async () => {
    const config = { dataConverter: codecModule(), payloadConverter: CONVERTER };
    const reader = openPayloadReader(async () => config, '/');

    const events = eventsWith(flipped(json({ id: 1 })), flipped(money('4200')));
    const readable = await reader.read({ history: { events } });

    expect(inputOf(readable)).toEqual([{ id: 1 }, { cents: '4200n' }]);
    expect(readable.problems).toEqual([]);
    expect(events[0]!.workflowExecutionStartedEventAttributes?.input?.payloads?.[1]).toEqual(
      flipped(money('4200')),
    );
  });

  it('stay as they are stored if a codec fails, with the reason', async () => {
    process.env['KEY'] = 'wrong';
    try {
      const reader = openPayloadReader(async () => ({ dataConverter: codecModule() }), '/');

      const readable = await reader.read({ history: { events: eventsWith(flipped(json('a'))) } });

      expect(inputOf(readable)).toEqual([{ encoding: 'binary/flipped', base64: expect.any(String) }]);
      expect(readable.problems).toEqual([
        'event 1: The payload codec cannot decode a value: RangeError: no such key',
      ]);
    } finally {
      delete process.env['KEY'];
    }
  });

  it('stay as they are stored if the payload converter fails, with the reason', async () => {
    const reader = openPayloadReader(async () => ({ payloadConverter: CONVERTER }), '/');

    const readable = await reader.read({ history: { events: eventsWith(money('much')) } });

    expect(inputOf(readable)).toEqual([{ encoding: 'text/money', base64: expect.any(String) }]);
    expect(readable.problems).toEqual([
      'event 1: The payload converter cannot decode a value: SyntaxError: Cannot convert much to a BigInt',
    ]);
  });

  it('stay as they are stored if no service is named', async () => {
    const reader = openPayloadReader(async () => ({}), '/');

    const readable = await reader.read({ history: { events: eventsWith(money('1')) } });

    expect(inputOf(readable)).toEqual([{ encoding: 'text/money', base64: 'MQ==' }]);
  });

  it('are decoded by the project that exports the workflow type', async () => {
    const directory = scratchDirectory();
    for (const [name, type] of [
      ['a', 'refund'],
      ['b', 'order'],
    ]) {
      writeFileSync(join(directory, `${name}.ts`), `export * from './${name}-impl';\n`);
      writeFileSync(join(directory, `${name}-impl.ts`), `export async function ${type}() {}\n`);
    }
    const broken = join(directory, 'broken.js');
    writeFileSync(broken, 'throw new Error("not to be loaded");\n');
    const projects = [
      { name: 'a', workflowsPath: join(directory, 'a.ts'), dataConverter: broken },
      { name: 'b', workflowsPath: join(directory, 'b.ts'), payloadConverter: CONVERTER },
    ];
    const reader = openPayloadReader(async () => ({ projects }), '/');

    const readable = await reader.read({ history: { events: eventsWith(money('7')) } });

    expect(inputOf(readable)).toEqual([{ cents: '7n' }]);
  });
});
