/** Starts the test files that take longest first. Without timings of an earlier run, as in CI, jest would start the largest files. */
const { default: Sequencer } = require('@jest/test-sequencer');

/** Files that take long, the longest first. */
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
  'test/bundle/module-memory.test.ts',
  'test/e2e/fix.test.ts',
  'test/package/installers.test.ts',
  'test/gate/baseline/cli.test.ts',
  'test/e2e/watch.test.ts',
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
