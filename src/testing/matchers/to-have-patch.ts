import { patchMarkerOf } from '../../temporal/markers';
import { answer } from './answer';
import type { HistoryMatcher } from './matcher';
import { readSubject } from './subject';

/** Passes if the run has recorded a patch: `patched(id)` was true, or `deprecatePatch(id)` was called. */
export const toHavePatch: HistoryMatcher = async function (received, id: string) {
  const subject = await readSubject(received);
  const ids = (subject.history.events ?? []).flatMap((event) => patchMarkerOf(event)?.id ?? []);
  return answer(this, subject, {
    pass: ids.includes(id),
    expected: `the patch ${id}`,
    found: `Its patches: ${ids.length === 0 ? 'none' : ids.join(', ')}.`,
  });
};
