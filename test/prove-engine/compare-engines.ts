/** Replays histories with both engines, and finds those for which the screen says compatible and core does not. */
import { isDeepStrictEqual } from 'node:util';
import { CoreEngine } from '../../src/replay/engine/core/core-engine';
import type { ReplayableProject } from '../../src/replay/engine/loaded-project';
import type { EngineOptions, ReplayRequest } from '../../src/replay/engine/replay-engine';
import { ScreenEngine } from '../../src/replay/engine/screen/screen-engine';
import { DEFAULT_DIAGNOSIS_NEEDS } from '../../src/replay/setup';
import type { Judgement } from '../../src/replay/verdict/judge';
import { identityOf } from '../../src/temporal/identity';
import type { ReadHistory } from './services';

const OPTIONS: EngineOptions = {
  fast: true,
  diagnosis: { ...DEFAULT_DIAGNOSIS_NEEDS, traces: 'none' },
  counters: null,
};

export interface ComparedEngines {
  file: string;
  /** The judgement of core; null if it was not asked. */
  core: Judgement | { error: string } | null;
  /** The judgement of the screen, or its reason for none. */
  screen: Judgement | { unsure: string };
}

/** The engines of a project, which replay one history after the other. */
export class BothEngines {
  private readonly core: CoreEngine;
  private readonly screen: ScreenEngine;

  constructor(project: ReplayableProject) {
    this.core = new CoreEngine(project, OPTIONS);
    this.screen = new ScreenEngine(project, OPTIONS);
  }

  /** Replays with the screen, and with core unless the screen is unsure and `always` is false. */
  async replay({ file, history }: ReadHistory, always = true): Promise<ComparedEngines> {
    const request = requestOf(history);
    const screened = await this.screen.replay(request);
    const screen = 'unsure' in screened ? { unsure: screened.unsure } : screened.judgement;
    if ('unsure' in screen && !always) return { file, core: null, screen };
    const core = await this.core.replay(request).then(
      ({ judgement }) => judgement,
      (err: Error) => ({ error: err.message }),
    );
    return { file, core, screen };
  }

  async close(): Promise<void> {
    await Promise.all([this.core.close(), this.screen.close()]);
  }
}

function requestOf(history: ReplayRequest['history']): ReplayRequest {
  const identity = identityOf(history);
  return { history, identity, namespace: identity.namespace ?? 'default' };
}

/** Returns true if the screen says compatible and core does not, or does not say it in the same way. */
export const disagree = ({ core, screen }: ComparedEngines): boolean =>
  !('unsure' in screen) && !isDeepStrictEqual(core, screen);
