import {
  TIMELINE_KINDS,
  TIMELINE_STATUSES,
  type TimelineKind,
  type TimelineStatus,
} from '../../model/timeline';

/** Lanes of the picture of a history, from top to bottom. The last one takes every kind without a lane of its own. */
export const LANES = [
  'Workflow',
  'Workflow tasks',
  'Activities',
  'Timers',
  'Children',
  'Signals, updates',
  'Others',
] as const;

export interface KindData {
  name: TimelineKind;
  words: string;
  lane: (typeof LANES)[number];
  /** True if an entry of this kind takes time, so that an open one reaches to the end of the picture. */
  isSpan: boolean;
}

export interface StatusData {
  name: TimelineStatus;
  words: string;
  /** Sign before the label of an entry; empty for most. */
  sign: string;
}

const KIND_TABLE: Readonly<Record<TimelineKind, Omit<KindData, 'name'>>> = {
  workflow: { words: 'workflow', lane: 'Workflow', isSpan: true },
  workflowTask: { words: 'workflow task', lane: 'Workflow tasks', isSpan: true },
  activity: { words: 'activity', lane: 'Activities', isSpan: true },
  localActivity: { words: 'local activity', lane: 'Activities', isSpan: true },
  timer: { words: 'timer', lane: 'Timers', isSpan: true },
  child: { words: 'child workflow', lane: 'Children', isSpan: true },
  signal: { words: 'signal', lane: 'Signals, updates', isSpan: false },
  update: { words: 'update', lane: 'Signals, updates', isSpan: true },
  cancelRequest: { words: 'cancel request', lane: 'Signals, updates', isSpan: false },
  externalSignal: { words: 'signal to another workflow', lane: 'Others', isSpan: true },
  externalCancel: { words: 'cancel of another workflow', lane: 'Others', isSpan: true },
  patch: { words: 'patch', lane: 'Others', isSpan: false },
  searchAttributes: { words: 'search attributes', lane: 'Others', isSpan: false },
  memo: { words: 'memo', lane: 'Others', isSpan: false },
  nexus: { words: 'nexus operation', lane: 'Others', isSpan: true },
  marker: { words: 'marker', lane: 'Others', isSpan: false },
  other: { words: 'other', lane: 'Others', isSpan: false },
};

const STATUS_TABLE: Readonly<Record<TimelineStatus, Omit<StatusData, 'name'>>> = {
  completed: { words: 'completed', sign: '' },
  failed: { words: 'failed', sign: '✕ ' },
  timedOut: { words: 'timed out', sign: '✕ ' },
  canceled: { words: 'cancelled', sign: '⊘ ' },
  terminated: { words: 'terminated', sign: '⊘ ' },
  continuedAsNew: { words: 'continued as new', sign: '' },
  open: { words: 'open', sign: '' },
  recorded: { words: 'recorded', sign: '' },
};

export const KINDS: readonly KindData[] = TIMELINE_KINDS.map((name) => ({ name, ...KIND_TABLE[name] }));
export const STATUSES: readonly StatusData[] = TIMELINE_STATUSES.map((name) => ({
  name,
  ...STATUS_TABLE[name],
}));
