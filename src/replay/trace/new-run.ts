import { createHash } from 'node:crypto';
import type { ComparisonRow } from '../../model/diagnosis';
import type { SdkActivation } from '../../sdk/activation-jobs';
import { type Command, type Event, recordedItemOf } from '../../temporal/commands';
import type { Activation } from '../verdict/align';
import { playOn } from './what-if';

/**
 * Plays a new run of the current code. It begins as a recorded run did, and goes on outside of core, not replaying: commands
 * that the recorded run has issued too get their recorded answers, others an empty one.
 */
export class NewRun {
  private activate: ((activation: SdkActivation) => Promise<readonly Command[] | null>) | null = null;
  private readonly first: { activation: SdkActivation; commands: readonly Command[] }[] = [];
  private further: readonly Activation[] = [];

  /** @param events the events of the recorded run, with decoded payloads */
  constructor(private readonly events: readonly Event[]) {}

  begin(_sdkWorkflow: object, activate: NonNullable<NewRun['activate']>): void {
    this.activate = activate;
  }

  async observe(activation: SdkActivation, commands: readonly Command[]): Promise<void> {
    if (this.first.push({ activation, commands }) > 1 || !this.activate) return;
    const recorded = this.events.flatMap((event) => recordedItemOf(event) ?? []);
    this.further = await playOn({
      events: this.events,
      unmatched: recorded.filter(({ kind }) => kind !== 'patch'),
      matched: new Map(),
      activations: this.first,
      activate: this.activate,
      answersOpen: true,
      isReplaying: false,
      isTimeout: () => false,
    });
  }

  /** Returns a row for each command but the markers of patches. It says no more than whether two commands are the same. */
  rows(): ComparisonRow[] {
    return [...this.first, ...this.further]
      .flatMap(({ commands }) => commands)
      .filter(({ setPatchMarker }) => !setPatchMarker)
      .map((command) => ({
        op: 'added',
        eventId: null,
        recorded: null,
        produced: contentOf(command),
        isDivergence: false,
      }));
  }
}

/** Returns a text that is the same for commands of the same content. The stack of a failure is left out: each edit moves it. */
const contentOf = (command: Command): string =>
  createHash('sha256')
    .update(JSON.stringify(command, (key, value: unknown) => (key === 'stackTrace' ? null : value)))
    .digest('hex');
