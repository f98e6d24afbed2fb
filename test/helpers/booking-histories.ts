/** A service whose replay shows each verdict of the code, and if histories are kept apart. */
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunReport } from '../../src/model/report';
import { ISOLATION_SERVICE } from './isolation-service';
import { ROOT } from './replay-cli';

const BOOKINGS = join(ISOLATION_SERVICE, 'histories/booking');
const ORDERS = ['012', '021', '102', '120', '201', '210'];

/** Writes the recorded bookings into the directory, in every order one after another, and returns their number. */
export function writeBookingsInEveryOrder(directory: string): number {
  mkdirSync(directory, { recursive: true });
  const names = [...ORDERS.join('')];
  names.forEach((name, i) =>
    copyFileSync(join(BOOKINGS, `${name}.json`), join(directory, `${String(i).padStart(2, '0')}.json`)),
  );
  return names.length;
}

/** Adds to a service the code of the bookings and their histories, and one each for code that has changed or throws. */
export function writeBookingService(directory: string): void {
  for (const name of ['bookings', 'isolation']) mkdirSync(join(directory, name), { recursive: true });
  copyFileSync(join(ISOLATION_SERVICE, 'state.ts'), join(directory, 'isolation/state.ts'));
  copyFileSync(
    join(ROOT, 'test/services/sdk-versions/workflows.ts'),
    join(directory, 'bookings/workflows.ts'),
  );
  writeBookingsInEveryOrder(join(directory, 'bookings/histories'));
  const recorded = readFileSync(join(BOOKINGS, '0.json'), 'utf8');
  for (const type of ['changedBooking', 'throwingBooking', 'rejectingBooking'])
    writeFileSync(
      join(directory, `bookings/histories/${type}.json`),
      recorded.replace('"name": "booking"', `"name": "${type}"`),
    );
}

export interface BookingVerdicts {
  /** Histories of unchanged code, by verdict. */
  unchanged: Record<string, number>;
  changed: string;
  throwing: string;
  rejecting: string;
  /** Functions and text of the lines to which failures are traced; a rejection has no certain one. */
  places: string[];
  sharesModuleState: boolean;
}

/** Replays the bookings of a service with its installed `replay`, one by one in one process. */
export async function replayBookings(directory: string): Promise<BookingVerdicts> {
  const args = ['run', 'bookings/histories', '--workflows-path', 'bookings/workflows.ts'];
  const {
    results,
    groups,
    notes = [],
  } = await new Promise<RunReport>((resolve, reject) =>
    execFile(
      join(directory, 'node_modules/.bin/replay'),
      [...args, '--concurrency', '1', '--reporter', 'json'],
      { cwd: directory },
      // It exits with 1, since two histories fail.
      (err, stdout, stderr) =>
        err?.code === 1 ? resolve(JSON.parse(stdout) as RunReport) : reject(new Error(`${stdout}${stderr}`)),
    ),
  );
  const verdictOf = (type: string): string =>
    results
      .filter(({ workflowType }) => workflowType === type)
      .map(({ verdict, error }) => [verdict, ...(error ? [error.code] : [])].join(' '))
      .join(', ');
  const lines = readFileSync(join(directory, 'bookings/workflows.ts'), 'utf8').split('\n');
  const unchanged: Record<string, number> = {};
  for (const { workflowType, verdict } of results)
    if (workflowType === 'booking') unchanged[verdict] = (unchanged[verdict] ?? 0) + 1;
  return {
    unchanged,
    changed: verdictOf('changedBooking'),
    throwing: verdictOf('throwingBooking'),
    rejecting: verdictOf('rejectingBooking'),
    places: groups
      .filter(({ workflowTypes }) => !workflowTypes.includes('rejectingBooking'))
      .map(({ location }) => `${location?.function}: ${lines[(location?.line ?? 0) - 1]?.trim()}`),
    sharesModuleState: notes.some(({ because }) => because === 'shared-modules'),
  };
}

/** The verdicts that every version of the SDK has to give. */
export const BOOKING_VERDICTS: Omit<BookingVerdicts, 'sharesModuleState'> = {
  unchanged: { compatible: ORDERS.join('').length },
  changed: 'incompatible',
  throwing: 'failed WORKFLOW_TASK_FAILED',
  rejecting: 'failed WORKFLOW_TASK_FAILED',
  places: ['changedBooking: await note(id, 2);', "throwingBooking: throw new TypeError('no such booking');"],
};
