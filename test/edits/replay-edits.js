/** Child process of edits.test.ts. It replays one batch of edits after another, so that webpack is loaded once. */
const { loadHistories } = require('../../lib/history/load.js');
const { startReplayFor } = require('../../lib/run/run.js');

process.on('message', async ({ paths, workflowsPath, timeout }) => {
  const histories = loadHistories({ paths });
  const options = { histories, workflowsPath, timeout, cache: false, adviceTimeout: 0 };
  const replay = startReplayFor(options, { traces: 'none' });
  process.send(await replay.report());
});
