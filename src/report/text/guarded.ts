import { ISSUES_URL, ownFaultParts } from '../../model/own-fault';

/**
 * Returns what a reporter makes of one group or result. If our own code throws over it, returns what `instead` makes of the
 * reason, so that all others are shown.
 */
export function guarded<T>(render: () => T, instead: (reason: string) => T): T {
  try {
    return render();
  } catch (err) {
    const { errorType, frame } = ownFaultParts('', err);
    const fault = [errorType, frame].filter(Boolean).join(' ');
    return instead(`This cannot be shown, by an error of temporal-replay itself (${fault}): ${ISSUES_URL}`);
  }
}
