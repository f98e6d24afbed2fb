/** A new run that is played from the start and the answers of a recorded one, in the built library. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, scratchDirectory, writeEdited } from '../helpers/replay-cli';

const SERVICE = join(ROOT, 'examples/order-service/src');
const HISTORIES = join(ROOT, 'histories/shipOrder');
const PLAY = `
const { startReplayFor } = require('${ROOT}/lib/run/run.js');
const { loadHistories } = require('${ROOT}/lib/history/load.js');
const [, file, ...codes] = process.argv;
(async () => {
  const played = [];
  for (const workflowsPath of codes) {
    const options = { histories: loadHistories({ paths: [file] }), workflowsPath, adviceTimeout: 0, concurrency: 1 };
    const { results } = await startReplayFor(options, { traces: 'new-run', contextRows: null }).report();
    played.push(results[0].comparison.map(({ produced }) => produced));
  }
  console.log(JSON.stringify(played));
})();`;

/** Returns the workflow code of the service with some passages of its shipments replaced. */
function edited(...changes: [string, string][]): string {
  const directory = scratchDirectory();
  cpSync(SERVICE, directory, { recursive: true });
  const file = 'workflows/ship-order.ts';
  writeEdited(join(SERVICE, file), join(directory, file), changes);
  return join(directory, 'workflows/index.ts');
}

/** Returns the commands of a new run of each code. */
function newRunsOf(...codes: string[]): string[][] {
  const history = join(HISTORIES, readdirSync(HISTORIES).sort()[0]!);
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', PLAY, history, ...codes], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[][];
}

const IMPORT: [string, string] = ['  setHandler,', '  patched,\n  setHandler,'];
const BOOK = 'await activities.bookPickup({ shipmentId, items });';
const NEW = 'await activities.verifyAddress({ address });';

it('takes the new branch of a patch, although the recorded run did not', () => {
  const [withNew, behindPatch, behindItsOpposite, asRecorded] = newRunsOf(
    edited([BOOK, `${NEW}\n    ${BOOK}`]),
    edited(IMPORT, [BOOK, `if (patched('new')) ${NEW}\n    ${BOOK}`]),
    edited(IMPORT, [BOOK, `if (!patched('new')) ${NEW}\n    ${BOOK}`]),
    edited(),
  );

  expect(withNew!.length).toBeGreaterThan(asRecorded!.length);
  expect(behindPatch).toEqual(withNew);
  expect(behindItsOpposite).toEqual(asRecorded);
});
