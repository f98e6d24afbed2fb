import type { EngineAnswer, ReplayEngine, ReplayRequest, Unanswered } from './replay-engine';

/** An engine that is made, and whose modules are loaded, when it is asked for its first history. */
export class LateEngine implements ReplayEngine {
  private made: ReplayEngine | null = null;

  constructor(private readonly make: () => ReplayEngine) {}

  async replay(request: ReplayRequest): Promise<EngineAnswer | Unanswered> {
    return await (this.made ??= this.make()).replay(request);
  }

  async close(): Promise<void> {
    await this.made?.close();
  }
}
