import type { ShapeOverview } from '../../history/shape-overview';
import { oneLine } from '../../util/printable';
import type { Paint } from './paint';

const INDENT = '  ';

/** Returns the lines that show the shape of a history: a heading, and a line for each step. */
export function shapeLines({ file, workflowType, shape, steps }: ShapeOverview, paint: Paint): string[] {
  const type = workflowType === null ? 'type unknown' : oneLine(workflowType);
  return [
    `${paint.bold(type)}  ${shape}  ${paint.dim(oneLine(file))}`,
    ...steps.map(
      ({ text, loops }) =>
        INDENT + [oneLine(text), ...loops.map((size) => paint.dim(loopText(size)))].join('  '),
    ),
  ];
}

const loopText = (size: number): string =>
  size === 1 ? '(repeated)' : `(with the ${size - 1} before it, repeated)`;
