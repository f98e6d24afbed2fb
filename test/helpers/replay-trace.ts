import type { ReplayTrace, TracedCommand } from '../../src/model/diagnosis';
import { messageParts } from '../../src/model/message';
import type { SourceLocation } from '../../src/model/source';
import { EMPTY_TRACE } from '../../src/replay/trace/bare-trace';

/** Returns a difference that is empty except for the given fields. */
export const traceOf = (part: Partial<ReplayTrace>): ReplayTrace => ({
  kind: 'added',
  headline: messageParts({}),
  isOpen: false,
  ...EMPTY_TRACE,
  ...part,
});

export const activity = (name: string, at: SourceLocation[] = []): TracedCommand => ({
  kind: 'activity',
  name,
  words: `\`${name}\` activity`,
  endsRun: false,
  at,
});

export const timer = (length: string, at: SourceLocation[] = []): TracedCommand => ({
  kind: 'timer',
  name: '1',
  words: `timer ${length}`,
  endsRun: false,
  at,
});
