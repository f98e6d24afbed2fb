import type { Diagnosis, ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import { isCalled } from './calls';
import type { BundledSources } from '../source/bundled-sources';
import { findFunction } from '../source/functions';
import { isFollowedByCode } from '../source/statements';

/** A place in the source with its callers. `locationNote` tells why there is none, or what it stands for. */
export type DifferencePlace = Pick<Diagnosis, 'location' | 'callers' | 'locationNote'>;

/** Finds the place in the source that a difference comes from. Files are absolute paths. */
export function findPlace(
  trace: ReplayTrace,
  workflowType: string | null,
  sources: BundledSources,
): DifferencePlace {
  if (trace.brokenOffBy !== null)
    return nowhere(
      `The diagnosis broke off by an error of temporal-replay itself (${trace.brokenOffBy}); the verdict does not depend on it.`,
    );
  const { location, callers, locationNote } = issuingPlace(trace, workflowType, sources);
  return {
    location: location && onCode(location, sources),
    callers: callers.map((caller) => onCode(caller, sources)),
    locationNote,
  };
}

/**
 * Moves a place in the indentation of a line to the line's code. The source map of code that is bundled as it is, such as
 * JavaScript, has lines only.
 */
function onCode(location: SourceLocation, sources: BundledSources): SourceLocation {
  const line = sources.lineOf(location.file, location.line) ?? '';
  const first = line.search(/\S/);
  return location.column - 1 < first ? { ...location, column: first + 1 } : location;
}

function issuingPlace(
  trace: ReplayTrace,
  workflowType: string | null,
  sources: BundledSources,
): DifferencePlace {
  const { produced, before, returnedAt, thrownAt } = trace;
  switch (trace.kind) {
    case 'unreadable':
    case 'undecoded':
    case 'unreplayed':
    case 'bundle':
    case 'died':
    case 'internal':
      return nowhere(null);
    case 'endless':
      return at(trace.stoppedAt, 'Where the code was when its time was up.') ?? nowhere(null);
    case 'unknown-type':
      return nowhere('There is no code of this workflow type.');
    case 'threw':
      return (
        at(thrownAt) ??
        at(before?.at, 'The error has no place in the source; this is the last command before it.') ??
        nowhere(missing(trace))
      );
    case 'drift':
      return (
        at(trace.driftedAt.slice(0, 1)) ??
        // At the end of a promise chain, no code of the workflow is on the stack.
        (trace.endsWorkflow
          ? at(before?.at, 'The result has no place of its own; this is the last command before it.')
          : null) ??
        nowhere(missing(trace))
      );
    case 'refused':
      return at(trace.recorded?.at) ?? at(before?.at) ?? nowhere(missing(trace));
    case 'removed': {
      const isEarlyReturn = trace.endsWorkflow && isEarly(returnedAt[0], sources);
      return (
        (trace.endsWorkflow ? at(thrownAt) : null) ??
        (isEarlyReturn ? at(returnedAt) : null) ??
        (isJump(trace, sources) ? at(trace.instead?.at) : null) ??
        at(before?.at, `Where the workflow stood before: ${before?.words} is issued here.`) ??
        startOf(workflowType, sources) ??
        nowhere(missing(trace))
      );
    }
    default:
      return (
        at(produced?.at) ??
        at(thrownAt) ??
        at(returnedAt) ??
        at(before?.at, `Where the workflow stood before: ${before?.words} is issued here.`) ??
        startOf(workflowType, sources) ??
        nowhere(missing(trace))
      );
  }
}

const nowhere = (locationNote: string | null): DifferencePlace => ({
  location: null,
  callers: [],
  locationNote,
});

const missing = ({ hasSourceMap }: ReplayTrace): string =>
  hasSourceMap
    ? 'The place in the source is not known.'
    : 'The bundle has no source map, so there is no place in the source: build it with an inline source map.';

function at(
  stack: readonly SourceLocation[] | undefined,
  locationNote: string | null = null,
): DifferencePlace | null {
  const [location, ...callers] = stack ?? [];
  return location ? { location, callers, locationNote } : null;
}

/** Returns true if the code skipped several commands that it still has, as after an error that it caught. */
function isJump({ removed, rows }: ReplayTrace, sources: BundledSources): boolean {
  // Commands that also came before belong to a loop that now ends sooner.
  const before = rows.slice(
    0,
    Math.max(
      0,
      rows.findIndex((row) => row.isDivergence),
    ),
  );
  if (removed.every(({ words }) => before.some(({ recorded }) => recorded === words))) return false;
  const called = removed.filter(({ kind }) => ['activity', 'localActivity'].includes(kind));
  const names = new Set(called.flatMap(({ name }) => name ?? []));
  return names.size > 1 && [...names].every((name) => isCalled(name, sources));
}

/** Returns true if code of the same function follows a place. */
function isEarly(place: SourceLocation | undefined, sources: BundledSources): boolean {
  const syntax = place && sources.syntaxOf(place.file);
  return syntax ? isFollowedByCode(syntax.program, place) : false;
}

/** Returns the definition of the workflow's function. */
function startOf(workflowType: string | null, sources: BundledSources): DifferencePlace | null {
  if (workflowType === null) return null;
  for (const file of sources.files()) {
    const syntax = sources.syntaxOf(file);
    const position = syntax && findFunction(syntax.program, workflowType);
    if (position)
      return {
        location: { file, ...position, function: workflowType },
        callers: [],
        locationNote: 'The difference is at the start of the workflow.',
      };
  }
  return null;
}
