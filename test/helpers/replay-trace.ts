import type { ReplayTrace, SourceLocation, TracedCommand } from '../../src/model';

/** A difference with nothing in it but what a test gives. */
export const traceOf = (part: Partial<ReplayTrace>): ReplayTrace => ({
  kind: 'added',
  headline: '',
  isOpen: false,
  recorded: null,
  produced: null,
  isShared: [],
  removed: [],
  added: [],
  before: null,
  instead: null,
  endsWorkflow: false,
  returnedAt: [],
  failureType: null,
  thrownAt: [],
  driftedAt: [],
  stoppedAt: [],
  hasSourceMap: true,
  rows: [],
  ...part,
});

export const activity = (name: string, at: SourceLocation[] = []): TracedCommand => ({
  kind: 'activity',
  name,
  words: `\`${name}\` activity`,
  at,
});

export const timer = (length: string, at: SourceLocation[] = []): TracedCommand => ({
  kind: 'timer',
  name: '1',
  words: `timer ${length}`,
  at,
});
