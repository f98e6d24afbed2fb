import type { SourceLocation } from '../../model/source';

/** Returns `src/workflows.ts:12:5`. */
export const positionText = ({
  file,
  line,
  column,
}: Pick<SourceLocation, 'file' | 'line' | 'column'>): string => `${file}:${line}:${column}`;

/** Returns `src/workflows.ts:12:5 in processOrder`. */
export const placeText = (place: SourceLocation): string =>
  `${positionText(place)}${place.function === null ? '' : ` in ${place.function}`}`;
