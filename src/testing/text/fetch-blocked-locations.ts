import type { Client } from '@temporalio/client';
import { isOwnSource } from '../../source/own-source';
import { type Place, formatPlace } from '../../source/place';
import { readTextFile } from '../../util/read-text-file';
import { deadlineIn } from '../time/clock';

interface EnhancedStackTrace {
  stacks?: { locations?: Location[] }[];
}
interface Location {
  file_path?: string;
  line?: number;
  column?: number;
  internal_code?: boolean;
}

const QUERY_TIMEOUT_MS = 1_500;
const SHOWN_STACKS = 5;
const SHOWN_FRAMES = 4;

/**
 * Returns the places in the source at which a workflow's code waits: a line for each pending promise, followed by its callers, such
 * as `src/order.ts:12:9  await condition(() => paid)  < src/order.ts:30:3`. Uses the SDK's query `__enhanced_stack_trace`, and
 * returns an empty list if the workflow does not answer it.
 */
export async function fetchBlockedLocations(
  client: Client,
  workflowId: string,
  cwd: string,
): Promise<string[]> {
  try {
    const answer = await client.withDeadline(deadlineIn(QUERY_TIMEOUT_MS), () =>
      client.workflow.getHandle(workflowId).query<EnhancedStackTrace, []>('__enhanced_stack_trace'),
    );
    const stacks = (answer.stacks ?? []).map(({ locations }) => formatStack(ownPlaces(locations ?? []), cwd));
    return [...new Set(stacks.filter((text) => text !== ''))].slice(0, SHOWN_STACKS);
  } catch {
    return [];
  }
}

const ownPlaces = (locations: readonly Location[]): Place[] =>
  locations.flatMap(({ file_path: file, line, column, internal_code: isInternal }) =>
    file && line && !isInternal && isOwnSource(file) ? [{ file, line, column: column ?? 1 }] : [],
  );

function formatStack(places: readonly Place[], cwd: string): string {
  const [innermost, ...callers] = places.slice(0, SHOWN_FRAMES);
  if (!innermost) return '';
  const code = readTextFile(innermost.file)?.split('\n')[innermost.line - 1]?.trim();
  const at = [formatPlace(innermost, cwd), ...(code ? [code] : [])].join('  ');
  return [at, ...callers.map((caller) => formatPlace(caller, cwd))].join('  < ');
}
