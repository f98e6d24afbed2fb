import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hiddenDraw } from '../../src/diagnosis/hidden-draws';
import { remediesFor } from '../../src/diagnosis/remedies';
import { BundledSources } from '../../src/source/bundled-sources';
import { scratchDirectory } from '../helpers/replay-cli';
import { activity, traceOf } from '../helpers/replay-trace';

function sourcesOf(...lines: string[]): BundledSources {
  const file = join(scratchDirectory(), 'flow.ts');
  writeFileSync(file, lines.join('\n'));
  const sources = new BundledSources([]);
  jest.spyOn(sources, 'files').mockReturnValue([file]);
  return sources;
}

const QUERY = "const state = wf.defineQuery<string>('state');";

describe('a random number that a replay does not draw', () => {
  it.each([
    ['in a query handler', 'query handler', [QUERY, 'wf.setHandler(state, () => wf.uuid4());']],
    [
      'in a query handler with a name',
      'query handler',
      [QUERY, 'const read = () => `${Math.random()}`;', 'setHandler(state, read);'],
    ],
    [
      'in the validator of an update',
      'update validator',
      [
        '// An update.',
        'setHandler(change, async () => undefined, { validator: () => { if (Math.random() > 1) throw new Error(); } });',
      ],
    ],
  ])('is found %s', (_, where, lines) => {
    expect(hiddenDraw(sourcesOf(...lines))).toMatchObject({
      in: where,
      location: { line: 2 },
    });
  });

  it.each([
    [
      'a signal handler draws, which a replay runs too',
      ['const go = defineSignal();', 'setHandler(go, () => uuid4());'],
    ],
    ['the workflow itself draws', [QUERY, 'setHandler(state, () => 1);', 'uuid4();']],
  ])('is none if %s', (_, lines) => {
    expect(hiddenDraw(sourcesOf(...lines))).toBeNull();
  });

  it('is what to remove if ids differ and no change is known, and no patch is offered', async () => {
    const sources = sourcesOf(QUERY, 'setHandler(state, () => uuid4());');
    const command = activity('charge');

    const remedies = await remediesFor({
      result: { error: null } as never,
      trace: traceOf({ kind: 'renamed', recorded: command, produced: command }),
      place: null,
      callers: [],
      cause: null,
      sources,
      workflowTypes: [],
      cwd: '/',
    });

    expect(remedies.map(({ code }) => code)).toEqual(['fix-error', 'version-worker']);
    expect(remedies[0]!.title).toMatch(/^Draw no random number in the query handler at .*flow\.ts:2:25$/);
  });
});
