/**
 * Child process of edits.test.ts. It replays one batch of edits after another, so that webpack and the SDK are loaded once, and only
 * the files that differ from the batch before are compiled.
 */
const { ModuleMemory } = require('../../lib/bundle/module-memory.js');
const { loadHistories } = require('../../lib/history/load.js');
const { ReplayProcessReserve } = require('../../lib/replay/pool/replay-process-reserve.js');
const { startReplayFor } = require('../../lib/run/run.js');

const shared = { memory: new ModuleMemory(), reserve: new ReplayProcessReserve() };

process.on('message', async ({ paths, workflowsPath, timeout }) => {
  const histories = loadHistories({ paths });
  const options = { histories, workflowsPath, timeout, cache: false, adviceTimeout: 0, concurrency: 1 };
  const replay = startReplayFor(options, { traces: 'none' }, shared);
  process.send(await replay.report());
});
process.on('disconnect', () => shared.reserve.close());
