/** Started by edits.test.ts: replays one batch of edits after another in one process, so that webpack is loaded once for all of them. */
const { loadHistories } = require('../../lib/history/load.js');
const { startReplayFor } = require('../../lib/run/run.js');

process.on('message', async ({ paths, workflowsPath, timeout }) => {
  const histories = loadHistories({ paths });
  const replay = startReplayFor({ histories, workflowsPath, timeout, cache: false }, { traces: 'none' });
  process.send(await replay.report());
});
