import { type CodeFailure, describeCodeFailure } from '../model/code-failure';

/** Thrown if the workflow code cannot be bundled. */
export class BundlerError extends Error {
  constructor(
    readonly failure: CodeFailure,
    cause: unknown,
  ) {
    super(describeCodeFailure(failure), { cause });
  }
}
