import { openTestRunSession } from '../testing/session/test-run-session';
import { type JestGlobalConfig, shareCoverage } from './share-coverage';

/**
 * Starts the session that test files share.
 *
 * @param globalConfig jest's configuration; without it, reports of `coverageProvider: 'v8'` have no workflow code
 */
export default async function globalSetup(globalConfig: JestGlobalConfig = {}): Promise<void> {
  shareCoverage(globalConfig);
  await openTestRunSession();
}
