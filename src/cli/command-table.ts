import type { Command, CommandRow } from './command';

/** Returns a command of any arguments as one of the table, where arguments are not typed. */
const untyped = <Args>(command: Command<Args>): Command => command as unknown as Command;

/**
 * Every command by its name, in the order of `replay --help`. A command is loaded when it is named: all of them take five times
 * as long to load as `replay --version` takes.
 */
export const COMMANDS: Readonly<Record<string, CommandRow>> = {
  fetch: {
    positionals: '[ids]',
    describe: 'Download histories from a cluster into files',
    load: async () => untyped((await import('./commands/fetch.js')).fetchCommand),
  },
  run: {
    positionals: '[histories..]',
    describe: 'Replay histories against the current workflow code',
    readsStdin: true,
    load: async () => untyped((await import('./commands/run.js')).runCommand),
  },
  'can-deploy': {
    describe: 'Replay the open runs of a cluster that a deploy of the current code would reach',
    load: async () => untyped((await import('./commands/can-deploy.js')).canDeployCommand),
  },
  patches: {
    describe: 'Show which patches of the code are still needed, and move them on',
    load: async () => untyped((await import('./commands/patches.js')).patchesCommand),
  },
  fix: {
    positionals: '[histories..]',
    describe: 'Repair the code: write the changes that make the histories pass again',
    readsStdin: true,
    load: async () => untyped((await import('./commands/fix.js')).fixCommand),
  },
  baseline: {
    describe: 'List or update the known failures that are accepted for now',
    readsStdin: true,
    load: async () => untyped((await import('./commands/baseline.js')).baselineCommand),
  },
  report: {
    positionals: '<report>',
    describe: 'Render the JSON report of an earlier run with other reporters',
    load: async () => untyped((await import('./commands/report.js')).reportCommand),
  },
  merge: {
    positionals: '<reports..>',
    describe: 'Make one report of the JSON reports of several runs, such as of all shards',
    load: async () => untyped((await import('./commands/merge.js')).mergeCommand),
  },
  comment: {
    positionals: '<report>',
    describe: 'Comment on the pull request of a GitHub job with the JSON report of a run',
    load: async () => untyped((await import('./commands/comment.js')).commentCommand),
  },
  show: {
    positionals: '<histories..>',
    describe: 'Show histories in a readable form',
    readsStdin: true,
    load: async () => untyped((await import('./commands/show.js')).showCommand),
  },
  explain: {
    positionals: '[name]',
    describe: 'Explain an error code, a verdict, a kind of difference or a remedy',
    load: async () => untyped((await import('./commands/explain.js')).explainCommand),
  },
  init: {
    describe:
      'Find the workers of this repository and write replay.config, the CI file and the package script',
    load: async () => untyped((await import('./commands/init.js')).initCommand),
  },
  test: {
    positionals: '[args..]',
    describe: 'Run the tests of your package; with --updateHistories, record outdated histories again',
    load: async () => untyped((await import('./commands/test.js')).testCommand),
  },
  doctor: {
    describe: 'Show what stands in the way of a run: packages, config, code, histories, servers, cluster',
    load: async () => untyped((await import('./commands/doctor.js')).doctorCommand),
  },
};
