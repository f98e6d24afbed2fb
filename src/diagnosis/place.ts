import { isAbsolute, relative, sep } from 'node:path';
import type { Diagnosis, ReplayTrace } from '../model/diagnosis';
import type { SourceLocation } from '../model/source';
import { isCalled } from './calls';
import type { BundledSources } from '../source/bundled-sources';
import { findFunction } from '../source/functions';
import { isFollowedByCode } from '../source/statements';

type Place = Pick<Diagnosis, 'location' | 'callers' | 'locationNote'>;

/** The place in the source that a difference comes from; files are still absolute. */
export function placeOf(trace: ReplayTrace, workflowType: string | null, sources: BundledSources): Place {
  const { location, callers, locationNote } = issuingPlaceOf(trace, workflowType, sources);
  return {
    location: location && onCode(location, sources),
    callers: callers.map((caller) => onCode(caller, sources)),
    locationNote,
  };
}

/** Code that goes into the bundle as it is, such as JavaScript, has a source map by lines: the first of a line's code. */
function onCode(location: SourceLocation, sources: BundledSources): SourceLocation {
  const line = sources.lineOf(location.file, location.line) ?? '';
  const first = line.search(/\S/);
  return location.column - 1 < first ? { ...location, column: first + 1 } : location;
}

function issuingPlaceOf(trace: ReplayTrace, workflowType: string | null, sources: BundledSources): Place {
  const { produced, before, returnedAt, thrownAt } = trace;
  switch (trace.kind) {
    case 'unreadable':
    case 'bundle':
    case 'died':
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
        // At the end of a promise chain nothing of the code is on the stack any more.
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
        start(workflowType, sources) ??
        nowhere(missing(trace))
      );
    }
    default:
      return (
        at(produced?.at) ??
        at(thrownAt) ??
        at(returnedAt) ??
        at(before?.at, `Where the workflow stood before: ${before?.words} is issued here.`) ??
        start(workflowType, sources) ??
        nowhere(missing(trace))
      );
  }
}

const nowhere = (locationNote: string | null): Place => ({ location: null, callers: [], locationNote });

const missing = ({ hasSourceMap }: ReplayTrace): string =>
  hasSourceMap
    ? 'The place in the source is not known.'
    : 'The bundle has no source map, so there is no place in the source: build it with an inline source map.';

function at(stack: readonly SourceLocation[] | undefined, locationNote: string | null = null): Place | null {
  const [location, ...callers] = stack ?? [];
  return location ? { location, callers, locationNote } : null;
}

/** Several commands are missing that the code still has: it left them out, as after an error that it caught. */
function isJump({ removed, rows }: ReplayTrace, sources: BundledSources): boolean {
  // What came before already is a loop that now ends sooner.
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

function isEarly(place: SourceLocation | undefined, sources: BundledSources): boolean {
  const syntax = place && sources.syntaxOf(place.file);
  return syntax ? isFollowedByCode(syntax.program, place) : false;
}

/** Where the workflow's function is defined. */
function start(workflowType: string | null, sources: BundledSources): Place | null {
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

/** Relative to the directory and with forward slashes where it lies inside of it, as reports have it everywhere. */
export function shownFile(file: string, cwd: string): string {
  const path = relative(cwd, file);
  const isInside = path !== '' && !path.startsWith('..') && !isAbsolute(path);
  return isInside ? path.split(sep).join('/') : file;
}

export const shownLocation = (location: SourceLocation, cwd: string): SourceLocation => ({
  ...location,
  file: shownFile(location.file, cwd),
});
