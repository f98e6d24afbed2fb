import type { ProposedRemedy } from '../model/diagnosis';
import { ISSUES_URL, ownFaultParts } from '../model/own-fault';
import { remedy } from './remedy';

/** Returns the remedy for an error of this package itself, with the error that the report does not show elsewhere. */
export const reportBug = (err?: unknown): ProposedRemedy =>
  remedy(
    'report-bug',
    `Report this error of temporal-replay: ${ISSUES_URL}`,
    `${err === undefined ? '' : `The remedies could not be worked out: ${faultOf(err)}. `}Send the message with its place (at …), what \`replay doctor\` prints and, if nothing in it is secret, the history. All other histories were judged as usual.`,
  );

function faultOf(err: unknown): string {
  const { errorType, frame } = ownFaultParts('', err);
  return [errorType, frame].filter(Boolean).join(' ');
}
