/** The runs of one shape. */
export interface ShapeRuns {
  total: number;
  /** Number of those that break. */
  broken: number;
}

/** Returns the chance that runs which are drawn at random, some of each shape, hold one that breaks. */
export const chanceToCatch = (shapes: readonly ShapeRuns[], drawn: number): number =>
  1 - shapes.reduce((chance, shape) => chance * chanceToMiss(shape, drawn), 1);

function chanceToMiss({ total, broken }: ShapeRuns, drawn: number): number {
  let chance = 1;
  for (let i = 0; i < Math.min(drawn, total); i++) chance *= Math.max(0, total - broken - i) / (total - i);
  return chance;
}
