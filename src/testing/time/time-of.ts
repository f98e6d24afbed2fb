import type { Connection } from '@temporalio/client';
import { devServerTime } from './dev-server-time';
import { ServerTime } from './server-time';
import type { TestTime } from './test-time';

/** Namespace that a test's dev server has. */
const DEV_NAMESPACE = 'default';
const times = new WeakMap<Connection, TestTime>();

/** Returns the time of the server behind a connection: the same object for each call with that connection. */
export function timeOf(connection: Connection): TestTime {
  const time =
    times.get(connection) ??
    (connection.testService ? new ServerTime(connection) : devServerTime(connection, DEV_NAMESPACE));
  times.set(connection, time);
  return time;
}
