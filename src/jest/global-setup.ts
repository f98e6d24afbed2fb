import { openTestRunSession } from '../testing/session/test-run-session';
import { type JestGlobalConfig, shareCoverage } from './share-coverage';

/** @param globalConfig what jest gives it; without it, workflow code is not in reports of `coverageProvider: 'v8'` */
export default async function globalSetup(globalConfig: JestGlobalConfig = {}): Promise<void> {
  shareCoverage(globalConfig);
  await openTestRunSession();
}
