import { join } from 'node:path';
import { openHitsDirectory } from '../coverage/workflow-hits';
import { COVERAGE_ENV } from '../testing/coverage/runner-coverage';

/** What we use of the configuration that jest gives to a global setup. */
export interface JestGlobalConfig {
  collectCoverage?: boolean;
  coverageProvider?: string;
  coverageReporters?: (string | [string, object])[];
}

const REPORT = join(__dirname, 'workflow-coverage-report.js');

/**
 * Tells test files that coverage is on, and where V8 counts has workflow code added to jest's reports. There is no hook for
 * that; but the list of reports is the one that jest will read, and what is in it may be a module.
 */
export function shareCoverage({
  collectCoverage,
  coverageProvider,
  coverageReporters: reports,
}: JestGlobalConfig): void {
  if (!collectCoverage) return;
  process.env[COVERAGE_ENV] = '1';
  if (coverageProvider !== 'v8' || !reports || reports.some(([name]) => name === REPORT)) return;
  // As jest does where it finds none.
  if (reports.length === 0) reports.push('text-summary');
  reports.unshift([REPORT, { directory: openHitsDirectory() }]);
}
