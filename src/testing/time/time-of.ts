import type { Connection } from '@temporalio/client';
import { realTime } from './real-time';
import { ServerTime } from './server-time';
import type { TestTime } from './test-time';

const times = new WeakMap<Connection, TestTime>();

/** Returns the time of the server behind a connection: the same object for each call with that connection. */
export function timeOf(connection: Connection): TestTime {
  const time = times.get(connection) ?? (connection.testService ? new ServerTime(connection) : realTime);
  times.set(connection, time);
  return time;
}
