import { guardOwn } from '../../../model/own-fault';
import { type ReplaySandbox, openReplaySandbox } from '../../../sdk/replay-sandbox';
import { switchOffPromiseHook } from '../../../sdk/promise-hook';
import type { SdkWorkflowCreator } from '../../../sdk/workflow-creator';
import type { SharedChange } from '../../setup';
import { judge } from '../../verdict/judge';
import { runFailureOf } from '../../verdict/run-failure';
import {
  type CurrentReplay,
  type Recording,
  emptyRecording,
  recordUndecoded,
  recordingCreator,
} from '../recorded-workflow';
import { SharedState } from '../shared-state';
import type { ReplayableProject } from '../loaded-project';
import { PayloadSteps } from '../payload-steps';
import { type PreparedHistory, preparedHistory } from '../prepared-history';
import type { EngineAnswer, EngineOptions, ReplayEngine, ReplayRequest, Unanswered } from '../replay-engine';
import { screenReplay } from './screen-replay';
import { checkSupported } from './supported';
import { Unsure } from './unsure';

/** Number of sandboxes that are opened in the place of one in which an error was thrown that should not happen. */
const MAX_REOPENED = 5;

/** The sandbox of a project, with the parts that record what its code does. */
interface Opened {
  sandbox: ReplaySandbox;
  creator: SdkWorkflowCreator;
}

/**
 * Finds out in JavaScript alone that the code is compatible with a history: makes the activations that core would send, runs the
 * code with them in the SDK's sandbox, and compares its commands as the core engine does. It gives no other verdict: what is
 * not compatible, or not on its list, is left to core.
 */
export class ScreenEngine implements ReplayEngine {
  private opened: Promise<Opened> | null = null;
  private current: CurrentReplay | null = null;
  private readonly sharedState = new SharedState();
  private readonly steps: PayloadSteps;
  /** Set once a workflow has changed what the workflows of its V8 context share. */
  private isSpoilt = false;
  /** True once the compiled bundle has been kept. */
  private isKept = false;
  private reopened = 0;

  constructor(
    private readonly project: ReplayableProject,
    private readonly options: EngineOptions,
  ) {
    this.steps = new PayloadSteps(project.settings.dataConverter ?? {}, { outside: options.outside });
  }

  async replay(request: ReplayRequest): Promise<EngineAnswer | Unanswered> {
    try {
      return await this.compatible(request);
    } catch (err) {
      const isUnsure = err instanceof Unsure;
      if (!isUnsure) await this.leaveSandbox();
      const change = (isUnsure ? err.sharedChange : null) ?? this.change();
      return { unsure: isUnsure ? err.reason : 'error', needsNewProcess: change?.isOfProcess ?? false };
    }
  }

  async close(): Promise<void> {
    const opened = await this.opened?.catch(() => null);
    await opened?.creator.destroy();
  }

  /** Leaves a sandbox that an error may have damaged, so that it is not an error of the next history as well. */
  private async leaveSandbox(): Promise<void> {
    const opened = await this.opened?.catch(() => null);
    if (!opened || this.reopened === MAX_REOPENED) return;
    this.reopened++;
    this.opened = null;
    await opened.creator.destroy().catch(() => undefined);
  }

  private async compatible(request: ReplayRequest): Promise<EngineAnswer> {
    if (this.isSpoilt) throw new Unsure('shared state changed');
    checkSupported(this.project, this.options, request);
    const { sandbox, creator } = await this.open();
    const prepared = await preparedHistory(request, this.steps, false);
    if (prepared.undecoded.size > 0) throw new Unsure('undecoded payload');
    const recording = await this.recorded(prepared, { sandbox, creator });
    const sharedChange = this.change();
    // Core notices a change of a V8 context by itself, in its own context.
    if (sharedChange?.isOfProcess === false) throw new Unsure('shared state changed');
    if (recording.undecoded) throw new Unsure('undecoded payload', '', sharedChange);
    const { activations, encodings, failure } = recording;
    const judgement = guardOwn(() =>
      judge({
        events: prepared.events,
        activations,
        failure: failure ?? runFailureOf(prepared.events, activations),
        coreError: null,
        undecoded: { inReplay: null, inEvents: prepared.undecoded, encodings },
        run: prepared.run,
      }),
    );
    if (judgement.verdict !== 'compatible') throw new Unsure('not compatible', '', sharedChange);
    // Most functions of the SDK have run by now, so that the compiled code has them.
    if (!this.isKept) await sandbox.keepCompiled();
    this.isKept = true;
    return { judgement, ...(sharedChange && { sharedChange }) };
  }

  private async recorded(prepared: PreparedHistory, { sandbox, creator }: Opened): Promise<Recording> {
    const { input } = prepared;
    const { settings } = this.project;
    const recording = emptyRecording();
    this.steps.begin((payload) => recordUndecoded(recording, payload));
    this.current = {
      recording,
      identity: input.identity,
      observer: null,
      failureErrorTypes: settings.workflowFailureErrorTypes,
    };
    const { events } = prepared;
    await screenReplay(prepared, { events, sandbox, creator });
    return recording;
  }

  private open(): Promise<Opened> {
    return (this.opened ??= this.openNow());
  }

  private async openNow(): Promise<Opened> {
    if (this.options.fast) switchOffPromiseHook();
    const { bundlePath: path, compiledPath = null, settings } = this.project;
    const sandbox = await openReplaySandbox({ path, compiledPath }, settings.patchActivationCallback);
    if (sandbox === null) throw new Unsure('SDK internals');
    this.sharedState.open(sandbox.creator);
    const creator = recordingCreator(sandbox.creator, () => this.current!, {
      counters: null,
      sharedState: this.sharedState,
    });
    return { sandbox, creator };
  }

  /** Returns what the last workflow has changed for those after it. */
  private change(): SharedChange | null {
    const changed = this.sharedState.change();
    if (changed === null) return null;
    this.isSpoilt = true;
    return { project: this.project.name, ...changed };
  }
}
