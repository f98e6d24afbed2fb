import { locateServer } from '../../src/server/locate';

/** Gets both servers before the first test, so that an install on a new machine counts against no test's time. */
export default async function globalSetup(): Promise<void> {
  await locateServer('dev-server');
  await locateServer('time-skipping');
}
