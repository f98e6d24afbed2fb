import { editDistance } from '../../util/nearest-name';
import { type ComparisonRow, type DifferenceKind, WITH_ID } from '../../model/diagnosis';
import { type MessageParts, messageParts } from '../../model/message';
import type { Alignment } from './align';
import { type ProducedItem, type RecordedItem, isTerminal } from '../../temporal/commands';
import { type Payload, diffPayloads } from './payload-values';
import { type DiffStep, type Element, diffSequences } from './sequence-diff';
import { collectTargetNames, describeCommand, describeEnd, updateIdOf } from './describe-command';

/** The difference between the recorded and the produced commands as a person would describe it. */
export interface Comparison {
  kind: Extract<DifferenceKind, 'added' | 'removed' | 'moved' | 'renamed' | 'replaced'>;
  headline: MessageParts;
  /** The commands that the difference is about; no ids, no durations. */
  subject: { recorded: string | null; produced: string | null };
  /** Rows of the whole history. */
  rows: ComparisonRow[];
  /** The items of the first difference. */
  recorded: RecordedItem | null;
  produced: ProducedItem | null;
  /** Commands that match, up to the first difference. */
  agreed: ProducedItem[];
  /** All commands that match, those after the difference included. */
  matched: ProducedItem[];
  /** The commands that differ until both sides agree again. */
  block: { removed: RecordedItem[]; added: ProducedItem[] };
}

type Labelled<T> = Element & { label: string; item: T };
type Recorded = Labelled<RecordedItem>;
type Produced = Labelled<ProducedItem>;
type Step =
  | Exclude<DiffStep<Recorded, Produced>, never>
  | { op: 'renamed' | 'replaced'; recorded: Recorded; produced: Produced }
  | { op: 'moved'; recorded: Recorded; produced?: undefined }
  | { op: 'moved'; recorded?: undefined; produced: Produced };

/** Returns the rows of matched commands; `driftedEventIds` are those whose content differs. */
export function rowsOfMatches(
  { pairs }: Pick<Alignment, 'pairs'>,
  driftedEventIds: ReadonlySet<number>,
): ComparisonRow[] {
  const targetNames = collectTargetNames(
    pairs.map((pair) => pair.recorded),
    pairs.map((pair) => pair.produced),
  );
  return pairs.map(({ recorded, produced }) => ({
    op: driftedEventIds.has(recorded.eventId) ? 'drifted' : 'same',
    eventId: recorded.eventId,
    recorded: describeCommand(recorded, targetNames),
    produced: describeCommand(produced, targetNames),
    isDivergence: false,
  }));
}

/**
 * Compares the recorded with the produced commands. Returns null if nothing differs.
 *
 * @param isOpen true if the recorded run goes on: how the code ends it after the last recorded command is then no difference
 */
export function compare(
  alignment: Alignment,
  driftedEventIds: ReadonlySet<number>,
  isOpen = false,
): Comparison | null {
  const { mismatch, pairs, rest } = alignment;
  if (!mismatch) return null;
  const recordedItems = [...pairs.map((pair) => pair.recorded), ...rest.recorded];
  const producedItems = [...pairs.map((pair) => pair.produced), ...rest.produced];
  const targetNames = collectTargetNames(recordedItems, producedItems);
  const element = <T extends RecordedItem | ProducedItem>(item: T): Labelled<T> => {
    const label = describeCommand(item, targetNames);
    return { key: keyOf(item), label, content: `${label} ${contentOf(item)}`, item };
  };
  if (mismatch.recorded && mismatch.produced) {
    const [was, is] = [element(mismatch.recorded), element(mismatch.produced)];
    if (isTheSame(was, is)) {
      const agreedRows = rowsOfMatches({ pairs }, driftedEventIds);
      const row: ComparisonRow = {
        op: 'renamed',
        eventId: mismatch.recorded.eventId,
        recorded: was.label,
        produced: is.label,
        isDivergence: true,
      };
      return sameNamesOtherIds(alignment, [...agreedRows, row], element);
    }
  }
  // Core takes any timer for the next one: if one is removed, each later timer matches the event of its predecessor, and only
  // the content differs. So the comparison begins where the content first differs.
  const shifted = pairs.findIndex(({ recorded }) => driftedEventIds.has(recorded.eventId));
  const agreed = shifted === -1 ? pairs.length : shifted;
  const all = paired(
    diffSequences(recordedItems.slice(agreed).map(element), producedItems.slice(agreed).map(element)),
    new Set([...repeatedKeys(recordedItems), ...repeatedKeys(producedItems)]),
  );
  const steps = isOpen ? withoutLaterEnd(all, mismatch.produced) : all;
  const first = steps.findIndex((step) => step.op !== 'same');
  const agreedRows = rowsOfMatches({ pairs: pairs.slice(0, agreed) }, driftedEventIds);
  const rows = [...agreedRows, ...steps.map((step, i) => rowOf(step, i === first))];
  if (first === -1) return sameNamesOtherIds(alignment, rows, element);
  const described = describe(steps, first, mismatch.produced);
  // For a moved command, the command that comes too early is shown: there the code leaves the history.
  const produced = described.kind === 'moved' ? mismatch.produced : described.produced;
  const same = (some: readonly Step[]): ProducedItem[] =>
    some.flatMap((step) => (step.op === 'same' ? [step.produced.item] : []));
  const before = pairs.slice(0, agreed).map((pair) => pair.produced);
  return {
    ...described,
    produced,
    rows,
    agreed: [...before, ...same(steps.slice(0, first))],
    matched: [...before, ...same(steps)],
    block: blockFrom(steps, first),
  };
}

/** Returns what makes a command the same to a reader, at whatever position it is. */
function keyOf(item: RecordedItem | ProducedItem): string {
  switch (item.kind) {
    case 'child':
      return `child ${item.name} ${item.identity['workflowId'] ?? ''}`;
    case 'timer':
    case 'timerCancel':
    case 'activityCancel':
    case 'updateCompleted':
      return item.kind;
    case 'updateAccepted':
      return `${item.kind} ${item.identity['protocolInstanceId'] ?? ''}`;
    default:
      return `${item.kind} ${item.name ?? ''}`;
  }
}

/** Joins a removed and an added command into one step if the command was moved, renamed or replaced. */
function paired(steps: readonly DiffStep<Recorded, Produced>[], repeated: ReadonlySet<string>): Step[] {
  const removed = steps.flatMap((step) => (step.op === 'removed' ? [step.recorded] : []));
  const added = steps.flatMap((step) => (step.op === 'added' ? [step.produced] : []));
  const moved = new Set<Recorded | Produced>();
  // Calls that are repeated, as in a loop, are told apart by their content only.
  const isOne = (was: Recorded, is: Produced): boolean =>
    isTheSame(was, is) &&
    (!repeated.has(was.key) || inputOf(was.item).length === 0 || was.content === is.content);
  for (const was of removed) {
    const is = added.find((candidate) => isOne(was, candidate) && !moved.has(candidate));
    if (!is || isTerminal(was.item.kind)) continue;
    moved.add(was);
    moved.add(is);
  }
  const result: Step[] = [];
  for (let i = 0; i < steps.length;) {
    if (steps[i]!.op === 'same') {
      result.push(steps[i++]!);
      continue;
    }
    let end = i;
    while (end < steps.length && steps[end]!.op !== 'same') end++;
    result.push(...pairedBlock(steps.slice(i, end), moved));
    i = end;
  }
  return result;
}

/** Returns the keys of commands that occur more than once. */
function repeatedKeys(items: readonly (RecordedItem | ProducedItem)[]): string[] {
  const keys = items.map(keyOf);
  return keys.filter((key, i) => keys.indexOf(key) !== i);
}

/** All timers have the same key, but a timer of another length is not the same one moved. */
const isTheSame = (was: Recorded, is: Produced): boolean =>
  was.key === is.key && (was.item.kind !== 'timer' || was.label === is.label);

function pairedBlock(
  block: readonly DiffStep<Recorded, Produced>[],
  moved: ReadonlySet<Recorded | Produced>,
): Step[] {
  const open = block.flatMap((step) =>
    step.op === 'added' && !moved.has(step.produced) ? [step.produced] : [],
  );
  const partners = new Map<Recorded, Produced>();
  for (const fits of [isRenamed, standsInFor])
    for (const step of block) {
      if (step.op !== 'removed' || moved.has(step.recorded) || partners.has(step.recorded)) continue;
      const index = open.findIndex((candidate) => fits(step.recorded.item, candidate.item));
      if (index === -1) continue;
      partners.set(step.recorded, open.splice(index, 1)[0]!);
    }
  const taken = new Set(partners.values());
  return block.flatMap((step): Step[] => {
    if (step.op === 'removed') {
      if (moved.has(step.recorded)) return [{ op: 'moved', recorded: step.recorded }];
      const partner = partners.get(step.recorded);
      if (!partner) return [step];
      const op = isRenamed(step.recorded.item, partner.item) ? 'renamed' : 'replaced';
      return [{ op, recorded: step.recorded, produced: partner }];
    }
    if (step.op !== 'added' || taken.has(step.produced)) return [];
    return moved.has(step.produced) ? [{ op: 'moved', produced: step.produced }] : [step];
  });
}

/** Returns the steps without the end of an open run that comes after all others, unless the commands differ there first. */
function withoutLaterEnd(steps: readonly Step[], diverging: ProducedItem | null): Step[] {
  const last = steps.at(-1);
  const isLater = last?.op === 'added' && isTerminal(last.produced.item.kind) && steps.length > 1;
  return isLater && last.produced.item !== diverging ? steps.slice(0, -1) : [...steps];
}

const NAMED_KINDS = new Set(['activity', 'localActivity', 'child', 'patch', 'externalSignal', 'nexus']);

/** Returns true for the same kind of command with the same input, or with a similar name. */
function isRenamed(was: RecordedItem, is: ProducedItem): boolean {
  if (was.kind !== is.kind || !NAMED_KINDS.has(was.kind)) return false;
  if (was.kind === 'child' && was.name === is.name) return true;
  return areAlike(was.name ?? '', is.name ?? '') || hasSameInput(was, is);
}

const areAlike = (a: string, b: string): boolean =>
  editDistance(a.toLowerCase(), b.toLowerCase()) <= Math.max(a.length, b.length) * 0.4;

function hasSameInput(recorded: RecordedItem, produced: ProducedItem): boolean {
  const [was, is] = [inputOf(recorded), inputOf(produced)];
  return was.length > 0 && is.length > 0 && diffPayloads('input', was, is).length === 0;
}

function inputOf(item: RecordedItem | ProducedItem): readonly Payload[] {
  if ('event' in item) {
    const {
      activityTaskScheduledEventAttributes: activity,
      startChildWorkflowExecutionInitiatedEventAttributes: child,
    } = item.event;
    return (activity ?? child)?.input?.payloads ?? [];
  }
  const { scheduleActivity: activity, startChildWorkflowExecution: child } = item.command;
  return activity?.arguments ?? child?.input ?? [];
}

/** Returns the content that is compared; it holds payloads and is never shown. */
const contentOf = (item: RecordedItem | ProducedItem): string =>
  [
    updateIdOf(item) ?? '',
    ...inputOf(item).map(({ data }) => Buffer.from(data ?? []).toString('base64')),
  ].join(' ');

/** Any command can replace another one, but the end of a workflow only another end. */
const standsInFor = (was: RecordedItem, is: ProducedItem): boolean =>
  isTerminal(was.kind) === isTerminal(is.kind) && was.kind !== 'patch' && is.kind !== 'patch';

function rowOf(step: Step, isDivergence: boolean): ComparisonRow {
  return {
    op: step.op,
    eventId: 'recorded' in step ? (step.recorded?.item.eventId ?? null) : null,
    recorded: 'recorded' in step && step.recorded ? textIn(step, step.recorded) : null,
    produced: 'produced' in step && step.produced ? textIn(step, step.produced) : null,
    isDivergence,
  };
}

/** Returns the text of one side of a row: with the id of a child if the two sides differ in that alone. */
function textIn(step: Step, { label, item }: Recorded | Produced): string {
  const id = item.kind === 'child' ? item.identity['workflowId'] : undefined;
  const isAlike = step.op === 'renamed' && step.recorded.label === step.produced.label;
  return isAlike && id !== undefined ? label + WITH_ID + id : label;
}

type Described = Omit<Comparison, 'rows' | 'block' | 'agreed' | 'matched'>;

function blockFrom(steps: readonly Step[], first: number): Comparison['block'] {
  const end = steps.findIndex((step, i) => i > first && step.op === 'same');
  const block = steps.slice(first, end === -1 ? steps.length : end);
  return {
    removed: block.flatMap((step) => ('recorded' in step && step.recorded ? [step.recorded.item] : [])),
    added: block.flatMap((step) => ('produced' in step && step.produced ? [step.produced.item] : [])),
  };
}

function describe(steps: readonly Step[], first: number, diverging: ProducedItem | null): Described {
  const end = diverging && isTerminal(diverging.kind) ? endInstead(steps, first) : null;
  if (end) return end;
  const step = movedIn(steps, first) ?? steps[first]!;
  const recorded = 'recorded' in step ? (step.recorded ?? null) : null;
  const produced = 'produced' in step ? (step.produced ?? null) : null;
  const items = { recorded: recorded?.item ?? null, produced: produced?.item ?? null };
  const subject = { recorded: subjectOf(recorded), produced: subjectOf(produced) };
  const next = steps.slice(first + 1).find((later) => later.op === 'same');
  switch (step.op) {
    case 'renamed':
    case 'replaced':
      return {
        kind: step.op,
        headline: messageParts({
          own:
            step.recorded.label === step.produced.label
              ? `${step.recorded.label} has another id`
              : `${step.recorded.label} is now ${step.produced.label}`,
        }),
        subject,
        ...items,
      };
    case 'moved':
      return {
        kind: 'moved',
        headline: messageParts({ own: movedHeadline(steps, step) }),
        subject,
        ...items,
      };
    case 'added': {
      const before = next?.op === 'same' ? `, before ${next.recorded.label}` : '';
      const own = `${step.produced.label} is new${before}`;
      return { kind: 'added', headline: messageParts({ own }), subject, ...items };
    }
    default: {
      const previous = steps.slice(0, first).findLast((earlier) => earlier.op === 'same');
      const after = previous?.op === 'same' ? `, which came after ${previous.recorded.label}` : '';
      const end = describeEnd(recorded!.item.kind);
      const gone = end === null ? `${recorded!.label} is gone` : `the workflow no longer ${end}`;
      return { kind: 'removed', headline: messageParts({ own: `${gone}${after}` }), subject, ...items };
    }
  }
}

/** Returns kind and name, without a timer's number, which varies from run to run. */
const subjectOf = (element: Recorded | Produced | null): string | null =>
  element === null
    ? null
    : `${element.item.kind} ${element.item.kind.startsWith('timer') ? '' : (element.item.name ?? '')}`.trim();

/** Describes code that ends the workflow where the recorded run went on, as one difference with all missing commands. */
function endInstead(steps: readonly Step[], first: number): Described | null {
  const produced = steps
    .slice(first)
    .flatMap((step) => ('produced' in step && step.produced ? [step.produced] : []));
  const lost = steps.slice(first).filter((step) => step.op === 'removed');
  const [end] = produced;
  const next = steps[first]!;
  if (!end || !isTerminal(end.item.kind) || produced.length > 1 || lost.length < 1) return null;
  const recorded = 'recorded' in next ? next.recorded : undefined;
  if (!recorded || isTerminal(recorded.item.kind)) return null;
  const endedAlike = steps.some((step) => step.op === 'same' && step.produced === end);
  if (endedAlike && lost.length === 1) return null;
  return {
    kind: endedAlike ? 'removed' : 'replaced',
    headline: withReason(
      `the workflow now ${describeEnd(end.item.kind)} where it went on with ${recorded.label}`,
      end.item,
    ),
    subject: { recorded: subjectOf(recorded), produced: subjectOf(end) },
    recorded: recorded.item,
    produced: end.item,
  };
}

/** Longest reason after the headline's own text, as in `: TypeError: no card`. */
const MAX_REASON_LENGTH = 120;

/** Adds the error with which the code fails the workflow, without its causes: their messages may come from the history. */
function withReason(own: string, { command }: ProducedItem): MessageParts {
  const failure = command.failWorkflowExecution?.failure;
  if (!failure?.message) return messageParts({ own });
  const errorType = failure.applicationFailureInfo?.type || null;
  const room = MAX_REASON_LENGTH - (errorType === null ? ': ' : `: ${errorType}: `).length;
  const foreign = failure.message.split('\n')[0]!.slice(0, Math.max(0, room));
  return messageParts({ own: `${own}:`, errorType, foreign });
}

/** Returns the moved command in the block of the first difference: it explains the block best. */
function movedIn(steps: readonly Step[], first: number): Step | undefined {
  for (let i = first; i < steps.length && steps[i]!.op !== 'same'; i++)
    if (steps[i]!.op === 'moved') return steps[i];
  return undefined;
}

function movedHeadline(steps: readonly Step[], step: Extract<Step, { op: 'moved' }>): string {
  const { key, label } = (step.recorded ?? step.produced)!;
  const from = steps.findIndex((candidate) => candidate.op === 'moved' && candidate.recorded?.key === key);
  const to = steps.findIndex((candidate) => candidate.op === 'moved' && candidate.produced?.key === key);
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const passed = steps.slice(low + 1, high).filter((candidate) => candidate.op === 'same');
  const other = (to > from ? passed.at(-1) : passed[0]) ?? null;
  const [direction, opposite] = to > from ? ['after', 'before'] : ['before', 'after'];
  if (other?.op !== 'same') return `${label} has moved to another place`;
  if (other.recorded.label !== label) return `${label} now comes ${direction} ${other.recorded.label}`;
  // Two commands with the same description are told apart by the command between them.
  const between = passed.find((step) => step.op === 'same' && step.recorded.label !== label);
  return between?.op === 'same'
    ? `${between.recorded.label} now comes ${opposite} ${label}`
    : `${label} has moved to another place`;
}

/** Describes the same commands in the same order that have other ids (an activity's or a timer's number). */
function sameNamesOtherIds(
  { mismatch, pairs }: Alignment,
  rows: ComparisonRow[],
  element: <T extends RecordedItem | ProducedItem>(item: T) => Labelled<T>,
): Comparison | null {
  const { recorded, produced } = mismatch!;
  if (!recorded && !produced) return null;
  const [was, is] = [recorded && element(recorded), produced && element(produced)];
  // The code issues the command after all, but only after the answer to an earlier one.
  const isLater = !is && rows.some((row) => row.eventId === recorded?.eventId && row.produced !== null);
  const kind = was && is ? 'renamed' : is ? 'added' : isLater ? 'moved' : 'removed';
  const marked = rows.map((row): ComparisonRow =>
    row.eventId === recorded?.eventId ? { ...row, op: kind, isDivergence: true } : row,
  );
  return {
    kind,
    headline: messageParts({
      own:
        was && is
          ? `${was.label} has another id: something before it was added or removed, or its order in a parallel step`
          : `${(was ?? is)!.label} ${is ? 'is new' : isLater ? 'comes in a later workflow task than recorded' : 'is gone'}`,
    }),
    subject: { recorded: subjectOf(was), produced: subjectOf(is) },
    rows: marked,
    recorded,
    produced,
    agreed: pairs.map((pair) => pair.produced),
    matched: pairs.map((pair) => pair.produced),
    block: { removed: recorded ? [recorded] : [], added: produced ? [produced] : [] },
  };
}
