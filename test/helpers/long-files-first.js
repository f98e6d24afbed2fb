/** Without timings of an earlier run, as in CI, jest starts the largest files first: a long one at the end then runs alone. */
const { default: Sequencer } = require('@jest/test-sequencer');

/** The files that take longest, longest first. */
const LONG = [
  'test/edits/edits.test.ts',
  'test/package/tarball.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/run.test.ts',
  'test/jest/preset.test.ts',
  'test/e2e/fetch.test.ts',
  'test/coverage/replay.test.ts',
  'test/gate/changed-since/changed-since.test.ts',
  'test/diagnosis/patch-applies.test.ts',
];

const rank = ({ path }) => {
  const index = LONG.findIndex((file) => path.endsWith(file));
  return index === -1 ? LONG.length : index;
};

module.exports = class LongFilesFirst extends Sequencer {
  sort(tests) {
    return [...super.sort(tests)].sort((a, b) => rank(a) - rank(b));
  }
};
