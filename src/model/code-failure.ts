import { composeMessage, messageParts } from './message';

/** The reason why the code of a project cannot be replayed. */
export interface CodeFailure {
  /** The same for every history and every detail: `The workflow code of orders cannot be bundled`. */
  summary: string;
  /** The complaint of the bundler, the sandbox or a module; null if the summary says all. */
  details: string | null;
}

/** Returns a failure as a sentence. */
export const describeCodeFailure = ({ summary, details }: CodeFailure): string =>
  composeMessage(messageParts({ own: summary, details }));
