/** Runs a replay through the library, as the CLI does: `node bench/library.mjs <directory> <workflowsPath> <cacheDir> none|failures` */
import replay from '../lib/run/run.js';
import load from '../lib/history/load.js';

const [directory, workflowsPath, cacheDir, traces] = process.argv.slice(2);
const histories = load.loadHistories({ paths: [directory] });
const run = replay.startReplayFor({ histories, workflowsPath, cacheDir }, { traces });
const { summary } = await run.report();
console.log(JSON.stringify({ summary }));
