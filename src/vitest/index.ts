import { join, sep } from 'node:path';
import { type VitestInstance, WorkflowCoverageReporter } from './workflow-coverage-reporter';

const TIMEOUT_MS = 30_000;
const escaped = (path: string): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What we set in a vitest.config, and what of it the user may have set. */
interface VitestConfig {
  test?: { testTimeout?: number; hookTimeout?: number };
}

/** A plugin as vite wants it, in the few words that need no vite. */
export interface TemporalReplayPlugin {
  name: string;
  config(config: VitestConfig): object;
  configureVitest(context: { vitest: VitestInstance }): void;
}

/**
 * `plugins: [temporalReplay()]` in vitest.config: test files share servers and bundles, runs are replayed at the end of their test,
 * the matchers are there, and workflow code is in the coverage report.
 */
export function temporalReplay(): TemporalReplayPlugin {
  return {
    name: 'temporal-replay',
    // Vite merges it into the user's config.
    config: ({ test = {} }) => ({
      test: {
        globalSetup: [join(__dirname, 'global-setup.js')],
        setupFiles: [join(__dirname, 'setup.mjs')],
        testTimeout: test.testTimeout ?? TIMEOUT_MS,
        hookTimeout: test.hookTimeout ?? TIMEOUT_MS,
        // Where this package is linked into node_modules, vitest would take it for source code.
        server: { deps: { external: [new RegExp(`^${escaped(join(__dirname, '..') + sep)}`)] } },
      },
    }),
    configureVitest: ({ vitest }) => reportWorkflowCoverage(vitest),
  };
}

/** Once for all projects of a run: coverage is of the run. */
function reportWorkflowCoverage(vitest: VitestInstance): void {
  const { reporters } = vitest.config;
  if (reporters.some((reporter) => reporter instanceof WorkflowCoverageReporter)) return;
  // First: what it adds is there for the others.
  reporters.unshift(new WorkflowCoverageReporter(vitest));
}
