import { join, sep } from 'node:path';
import { type VitestInstance, WorkflowCoverageReporter } from './workflow-coverage-reporter';

const TIMEOUT_MS = 30_000;
const escaped = (path: string): string => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The part of the user's vitest.config that we read. */
interface VitestConfig {
  test?: { testTimeout?: number; hookTimeout?: number };
}

/** A vite plugin, in types that need no vite. */
export interface TemporalReplayPlugin {
  name: string;
  config(config: VitestConfig): object;
  configureVitest(context: { vitest: VitestInstance }): void;
}

/**
 * Returns the vitest plugin, for `plugins: [temporalReplay()]` in vitest.config. With it, test files share servers and bundles, runs
 * are replayed at the end of their test, `expect` has the matchers, and coverage reports include workflow code.
 */
export function temporalReplay(): TemporalReplayPlugin {
  return {
    name: 'temporal-replay',
    // Vite merges the result into the user's config.
    config: ({ test = {} }) => ({
      test: {
        globalSetup: [join(__dirname, 'global-setup.js')],
        setupFiles: [join(__dirname, 'setup.mjs')],
        testTimeout: test.testTimeout ?? TIMEOUT_MS,
        hookTimeout: test.hookTimeout ?? TIMEOUT_MS,
        // vitest would treat a package that is linked into node_modules as source code.
        server: { deps: { external: [new RegExp(`^${escaped(join(__dirname, '..') + sep)}`)] } },
      },
    }),
    configureVitest: ({ vitest }) => reportWorkflowCoverage(vitest),
  };
}

/** Adds the reporter once for all projects, because coverage belongs to the run. */
function reportWorkflowCoverage(vitest: VitestInstance): void {
  const { reporters } = vitest.config;
  if (reporters.some((reporter) => reporter instanceof WorkflowCoverageReporter)) return;
  // Comes first, so that the other reporters see the added coverage.
  reporters.unshift(new WorkflowCoverageReporter(vitest));
}
