import { isClosed } from '../../temporal/event';
import type { ComparisonRow, ReplayTrace, TracedCommand } from '../../model/diagnosis';
import { type MessageParts, firstLineOf, messageParts } from '../../model/message';
import type { SourceLocation } from '../../model/source';
import type { Drift, HistoryResult } from '../../model/verdict';
import type { SdkActivation } from '../../sdk/activation-jobs';
import { isCondition } from '../../sdk/sdk-calls';
import { type Activation, type Alignment, align } from '../verdict/align';
import {
  type Command,
  type ProducedItem,
  type RecordedItem,
  eventIdOf,
  isTerminal,
  recordedItemOf,
} from '../../temporal/commands';
import { type Comparison, compare, rowsOfMatches } from '../verdict/compare';
import { type Evidence, stoppedBeforeEventId } from '../verdict/judge';
import { collectTargetNames, describeCommand, describeEnd } from '../verdict/describe-command';
import {
  type CommandStacks,
  type Frame,
  bundledSources,
  framesOfStack,
  locationsOf,
  ownCalls,
  recordCommandStacks,
} from './command-stacks';
import { dueCommands } from './due-commands';
import { driftedTimers, takenOverTimer } from './taken-over-timer';
import { playOn } from './what-if';

/** Hands an activation to the sandbox and returns the commands; null if the code threw. */
type Activate = (activation: SdkActivation) => Promise<readonly Command[] | null>;

/**
 * The second replay of a history, for its diagnosis. It records the stack of each command. After the activation in which the
 * first replay of an incompatible history ended, it runs the code on with made-up answers, to see the whole difference.
 */
export class DiagnosticPass {
  private stacks: CommandStacks | null = null;
  private activate: Activate | null = null;
  private readonly seen: { activation: SdkActivation; commands: readonly Command[] }[] = [];
  private whatIf: Activation[] = [];

  /** `evidence` and `result` are those of the first replay; the payloads of the events are decoded. */
  constructor(
    private readonly evidence: Evidence,
    private readonly result: Pick<HistoryResult, 'verdict' | 'divergence' | 'drift' | 'error'>,
  ) {}

  begin(sdkWorkflow: object, activate: Activate): void {
    this.stacks = recordCommandStacks(sdkWorkflow);
    this.activate = activate;
  }

  async observe(activation: SdkActivation, commands: readonly Command[]): Promise<void> {
    this.seen.push({ activation, commands });
    const isWhereItEnded = this.seen.length === this.evidence.activations.length;
    if (!isWhereItEnded) return;
    const { pairs, rest } = this.aligned();
    const isIncompatible = this.result.verdict === 'incompatible';
    if (!isIncompatible && !this.mayShowTakenOverTimer(pairs)) return;
    this.whatIf = await playOn({
      events: this.evidence.events,
      unmatched: rest.recorded,
      matched: new Map(pairs.map(({ recorded, produced }) => [`${produced.kind}:${produced.seq}`, recorded])),
      activations: this.seen,
      activate: this.activate!,
      answersOpen: !isIncompatible,
      isTimeout: (command) => isTimeoutOfCondition(this.stacks?.of(command)?.frames ?? []),
    });
  }

  /** Returns true if the rest of an open run may show that a recorded timer now belongs to another wait. */
  private mayShowTakenOverTimer(pairs: Alignment['pairs']): boolean {
    const { verdict } = this.result;
    return verdict === 'drifted' && driftedTimers(pairs).length > 0 && !isClosed(this.evidence.events);
  }

  /** Ends the pass and returns the trace. */
  finish(): ReplayTrace {
    this.stacks?.stop();
    const alignment = this.aligned();
    const { verdict, drift, error } = this.result;
    const isOpen = !isClosed(this.evidence.events);
    const drifted = new Set(drift.map(({ eventId }) => eventId));
    const comparison = verdict === 'incompatible' ? compare(alignment, drifted, isOpen) : null;
    const describeItem = this.describer(alignment);
    const refusal = verdict === 'incompatible' && !comparison ? this.refused(alignment, describeItem) : null;
    const takeover = verdict === 'drifted' ? this.takenOver(alignment, describeItem) : null;
    const failedAt = this.thrownAt(comparison, alignment.mismatch?.produced ?? null);
    return {
      kind: comparison?.kind ?? refusal?.kind ?? (verdict === 'drifted' ? 'drift' : 'threw'),
      headline:
        comparison?.headline ??
        refusal?.headline ??
        takeover?.headline ??
        headlineOf(verdict, drift, error, alignment),
      isOpen,
      recorded: comparison
        ? describeItem(comparison.recorded)
        : (refusal?.recorded ?? takeover?.recorded ?? null),
      produced: comparison ? describeItem(comparison.produced) : (takeover?.produced ?? null),
      ownWait: takeover?.ownWait ?? null,
      isShared: comparison?.produced ? this.sharedPlaces(comparison.produced, comparison.matched) : [],
      removed: (comparison?.block.removed ?? []).map((item) => describeItem(item)!),
      added: takeover?.added ?? (comparison?.block.added ?? []).map((item) => describeItem(item)!),
      before: this.before(comparison, alignment, describeItem),
      instead: describeItem(alignment.mismatch?.produced ?? null),
      endsWorkflow: isTerminal(
        (alignment.mismatch ?? firstDrifted(alignment, drift))?.produced?.kind ?? 'activity',
      ),
      returnedAt: this.returnedAt(alignment.mismatch?.produced ?? null),
      failureType:
        comparison?.produced?.command.failWorkflowExecution?.failure?.applicationFailureInfo?.type ?? null,
      thrownAt: failedAt,
      driftedAt: takeover?.produced.at ?? this.driftedAt(alignment, drift),
      stoppedAt: [],
      hasSourceMap: this.stacks?.isAvailable ?? false,
      rows: comparison?.rows ?? rowsOfMatches(alignment, drifted),
      ...this.due(alignment, describeItem),
      undecoded: null,
      brokenOffBy: null,
    };
  }

  /** Describes the recorded commands that were due when the code threw. */
  private due(
    { pairs }: Alignment,
    describeItem: (item: RecordedItem) => TracedCommand | null,
  ): Pick<ReplayTrace, 'due'> {
    const { events, failure } = this.evidence;
    if (this.result.verdict !== 'failed' || !failure) return {};
    const issued = this.seen.flatMap(({ commands }) => commands);
    const due = dueCommands(events, failure.taskStartedId, { pairs, issued });
    return { due: due.map((item) => ({ eventId: item.eventId, words: describeItem(item)!.words })) };
  }

  private aligned(): Alignment {
    const activations = this.seen.map(({ activation, commands }) => ({
      taskStartedId: activation.historyLength ?? 0,
      replaying: activation.isReplaying ?? false,
      commands,
    }));
    const { events } = this.evidence;
    const stoppedBefore = stoppedBeforeEventId(this.evidence);
    return align({ events, activations, stoppedBeforeEventId: stoppedBefore, whatIf: this.whatIf });
  }

  private describer(alignment: Alignment) {
    const { pairs, rest } = alignment;
    const targetNames = collectTargetNames(
      [...pairs.map((pair) => pair.recorded), ...rest.recorded],
      [...pairs.map((pair) => pair.produced), ...rest.produced],
    );
    return (item: RecordedItem | ProducedItem | null): TracedCommand | null =>
      item && {
        kind: item.kind,
        endsRun: isTerminal(item.kind),
        name: item.name,
        words: describeCommand(item, targetNames),
        at: 'command' in item ? this.placesOf(item.command) : [],
      };
  }

  private placesOf(command: Command): SourceLocation[] {
    const stack = this.stacks?.of(command);
    if (stack && stack.thrownAt.length > 0) return locationsOf(ownCalls(stack.thrownAt));
    const own = locationsOf(ownCalls(stack?.frames ?? []));
    // When a scope is cancelled, the SDK issues the cancellations: the place is that of the cancelled command.
    const cancelled = own.length === 0 ? this.cancelledBy(command) : undefined;
    return cancelled ? this.placesOf(cancelled) : own;
  }

  private cancelledBy(command: Command): Command | undefined {
    const issued = [...this.seen, ...this.whatIf].flatMap(({ commands }) => commands);
    const {
      cancelTimer: timer,
      requestCancelActivity: activity,
      cancelChildWorkflowExecution: child,
    } = command;
    if (timer) return issued.find(({ startTimer }) => startTimer?.seq === timer.seq);
    if (activity) return issued.find(({ scheduleActivity }) => scheduleActivity?.seq === activity.seq);
    if (!child) return undefined;
    return issued.find(({ startChildWorkflowExecution: start }) => start?.seq === child.childWorkflowSeq);
  }

  /** Returns the last command before the difference that has a place. */
  private before(
    comparison: Comparison | null,
    { pairs }: Alignment,
    describeItem: (item: ProducedItem) => TracedCommand | null,
  ): TracedCommand | null {
    const agreed = comparison?.agreed ?? pairs.map(({ produced }) => produced);
    const latestFirst = [...agreed].sort((a, b) => b.order - a.order);
    for (const item of latestFirst) {
      const described = describeItem(item)!;
      if (described.at.length > 0) return described;
    }
    return null;
  }

  private sharedPlaces(produced: ProducedItem, matched: readonly ProducedItem[]): boolean[] {
    const key = ({ file, line, column }: SourceLocation): string => `${file}:${line}:${column}`;
    const isAlike = ({ kind, name }: ProducedItem): boolean =>
      kind === produced.kind && (kind === 'timer' || name === produced.name);
    const used = new Set(
      matched
        .filter((item) => item !== produced && isAlike(item))
        .flatMap(({ command }) => this.placesOf(command).map(key)),
    );
    return this.placesOf(produced.command).map((place) => used.has(key(place)));
  }

  private returnedAt(produced: ProducedItem | null): SourceLocation[] {
    if (!produced) return [];
    return locationsOf(ownCalls(this.stacks?.of(produced.command)?.returnedAt ?? []));
  }

  private thrownAt(comparison: Comparison | null, produced: ProducedItem | null): SourceLocation[] {
    if (!comparison) {
      const { stack = '' } = this.evidence.failure ?? {};
      return locationsOf(ownCalls(framesOfStack(stack, bundledSources())));
    }
    if (!produced || this.failsAsRecorded(produced)) return [];
    return locationsOf(ownCalls(this.stacks?.of(produced.command)?.thrownAt ?? []));
  }

  /** Returns true if the recorded run failed with the same error, which is then no part of the difference. */
  private failsAsRecorded({ command }: ProducedItem): boolean {
    const recorded = this.evidence.events.at(-1)?.workflowExecutionFailedEventAttributes?.failure;
    const produced = command.failWorkflowExecution?.failure;
    return !!recorded && !!produced && recorded.message === produced.message;
  }

  private driftedAt({ pairs }: Alignment, drift: readonly Drift[]): SourceLocation[] {
    return drift.flatMap(({ eventId }) => {
      const produced = pairs.find(({ recorded }) => recorded.eventId === eventId)?.produced;
      if (!produced) return [];
      const [place] = [...this.placesOf(produced.command), ...this.returnedAt(produced)];
      return place ? [place] : [];
    });
  }

  /** Describes a recorded timer that another wait has taken over. */
  private takenOver(
    { pairs, rest }: Alignment,
    describeItem: (item: RecordedItem | ProducedItem) => TracedCommand | null,
  ): {
    headline: MessageParts;
    recorded: TracedCommand;
    produced: TracedCommand;
    added: TracedCommand[];
    ownWait: SourceLocation | null;
  } | null {
    const commands = [...this.seen, ...this.whatIf].flatMap((activation) => activation.commands);
    const found = takenOverTimer(pairs, commands, (command) => this.placesOf(command));
    if (!found) return null;
    const [recorded, produced] = [describeItem(found.recorded)!, describeItem(found.produced)!];
    const headline = messageParts({ own: `${produced.words} takes over ${recorded.words} of another wait` });
    const between = rest.produced.filter(({ command }) => found.between.includes(command));
    const added = [produced, ...between.map((item) => describeItem(item)!)];
    return { headline, recorded, produced, added, ownWait: this.placesOf(found.own)[0] ?? null };
  }

  /** Describes a refusal of core although the commands are alike, by the event that core names. */
  private refused(
    { pairs }: Alignment,
    describeItem: (item: RecordedItem | ProducedItem | null) => TracedCommand | null,
  ): { kind: 'refused'; headline: MessageParts; recorded: TracedCommand | null } {
    const { divergence } = this.result;
    const event = this.evidence.events.find((candidate) => eventIdOf(candidate) === divergence?.eventId);
    const scheduled = Number(event?.activityTaskCancelRequestedEventAttributes?.scheduledEventId ?? 0);
    const pair = pairs.find(({ recorded }) => recorded.eventId === scheduled);
    const recorded = event ? recordedItemOf(event) : null;
    const about = describeItem(pair?.produced ?? null);
    const words = describeItem(recorded)?.words ?? `event ${divergence?.eventId ?? 0}`;
    return {
      kind: 'refused',
      headline: messageParts({ own: `${words} cannot follow from what the code does now` }),
      recorded: about ?? describeItem(recorded),
    };
  }
}

const firstDrifted = ({ pairs }: Alignment, [first]: readonly Drift[]) =>
  pairs.find(({ recorded }) => recorded.eventId === first?.eventId);

/** `condition(fn, timeout)` starts a timer of its own. */
const isTimeoutOfCondition = (frames: readonly Frame[]): boolean =>
  frames.some((frame) => !frame.isOwn && isCondition(frame));

function headlineOf(
  verdict: HistoryResult['verdict'],
  drift: readonly Drift[],
  error: HistoryResult['error'],
  alignment: Alignment,
): MessageParts {
  if (verdict === 'drifted') return messageParts({ own: driftHeadline(drift, alignment) });
  return error ? firstLineOf(error.parts) : messageParts({ own: 'the code threw' });
}

function driftHeadline(drift: readonly Drift[], alignment: Alignment): string {
  const { pairs } = alignment;
  const [first] = drift;
  const targetNames = collectTargetNames(
    pairs.map((pair) => pair.recorded),
    pairs.map((pair) => pair.produced),
  );
  const pair = firstDrifted(alignment, drift);
  const what = pair ? describeCommand(pair.recorded, targetNames) : 'a command';
  if (first?.path === 'earlier') {
    const end = pair && describeEnd(pair.recorded.kind);
    return end
      ? `the workflow ${end} in an earlier workflow task`
      : `${what} is issued in an earlier workflow task`;
  }
  return `${what}: \`${first?.path ?? ''}\` is not as recorded`;
}

/** Returns the rows around the first one that differs or drifted; the last rows if none does. */
export function windowOf(rows: readonly ComparisonRow[], context: number): ComparisonRow[] {
  const at = rows.findIndex((row) => row.isDivergence || row.op !== 'same');
  if (at === -1) return rows.slice(-context);
  return rows.slice(Math.max(0, at - context), at + context + 1);
}
