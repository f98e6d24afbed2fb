import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Diagnoser } from '../../src/diagnosis/diagnoser';
import type { ReplayTrace } from '../../src/model/diagnosis';
import { messageParts } from '../../src/model/message';
import { scratchDirectory } from '../helpers/replay-cli';
import { activity, traceOf } from '../helpers/replay-trace';
import { resultOf } from '../gate/baseline/reports';

const CWD = '/app';
const FILE = '/app/src/flow.ts';

/** Returns the diagnosis of a difference in a bundle of one file. */
function diagnosed(lines: readonly string[], trace: ReplayTrace) {
  const path = join(scratchDirectory(), 'bundle.js');
  const map = { version: 3, sources: [FILE], sourcesContent: [lines.join('\n')], mappings: '' };
  const data = Buffer.from(JSON.stringify(map)).toString('base64');
  writeFileSync(path, `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${data}\n`);
  const diagnoser = new Diagnoser({ cwd: CWD, bundlePaths: [path], workflowTypes: [] });
  return diagnoser.diagnose(resultOf('o1', 'incompatible'), trace).diagnosis!;
}

const PATCH = { ...activity('fast-track'), kind: 'patch', words: 'patch `fast-track`' };
const missingPatch = traceOf({
  kind: 'removed',
  headline: messageParts({ own: 'patch `fast-track` is gone' }),
  recorded: PATCH,
});

describe('a diagnosis', () => {
  it.each([
    [
      "const isFast = () => patched('fast-track');",
      'patch `fast-track` is asked at another place than recorded',
    ],
    ['const isFast = () => true;', 'patch `fast-track` is gone'],
  ])('calls a patch gone only if the code no longer asks for it: %s', (line, headline) => {
    expect(diagnosed([line], missingPatch).headline).toBe(headline);
  });

  it('names a handler without a name of its own by the call that it is handed to', () => {
    const place = { file: FILE, line: 2, column: 3, function: null };
    const lines = ['setHandler(approve, async () => {', '  await charge();', '});'];

    const { location } = diagnosed(lines, traceOf({ kind: 'added', produced: activity('charge', [place]) }));

    expect(location).toEqual({ ...place, file: 'src/flow.ts', function: 'setHandler(approve)' });
  });
});
