import { join } from 'node:path';
import { openHitsDirectory } from '../coverage/workflow-hits';
import { COVERAGE_ENV } from '../testing/coverage/runner-coverage';

/** The part of jest's global configuration that we use. */
export interface JestGlobalConfig {
  collectCoverage?: boolean;
  coverageProvider?: string;
  coverageReporters?: (string | [string, object])[];
}

const REPORT = join(__dirname, 'workflow-coverage-report.js');

/**
 * Tells test files that coverage is on. For the provider `v8` it also adds a report to jest's list that adds workflow code to the
 * others: jest has no hook for that, but it reads the list later, and an item may be a module.
 */
export function shareCoverage({
  collectCoverage,
  coverageProvider,
  coverageReporters: reports,
}: JestGlobalConfig): void {
  if (!collectCoverage) return;
  process.env[COVERAGE_ENV] = '1';
  if (coverageProvider !== 'v8' || !reports || reports.some(([name]) => name === REPORT)) return;
  // jest's own default for an empty list.
  if (reports.length === 0) reports.push('text-summary');
  reports.unshift([REPORT, { directory: openHitsDirectory() }]);
}
