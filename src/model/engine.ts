/**
 * The engines that replay: `core` is the SDK's. `auto` asks the screen first, which knows compatible histories faster than
 * core does, and leaves the others to core. `both` asks both for each history, and compares their answers.
 */
export const ENGINE_CHOICES = ['auto', 'core', 'both'] as const;

export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** The engine that a result came from, if the screen was asked. */
export interface EngineUse {
  by: 'screen' | 'core';
  /** The screen's reason for no answer. */
  unsure?: string;
  /** True if core was asked too, and agreed. */
  isChecked?: boolean;
  /** True if the screen said compatible and core did not. The result is core's. */
  disagrees?: boolean;
}

/** Numbers of the histories of a run by the engine that replayed them. */
export interface EngineCounts {
  /** Histories that the screen found compatible. */
  screened: number;
  byCore: number;
  /** Histories of `screened` that core replayed too. */
  sampled: number;
  /** Histories that the screen left to core, by its reason. */
  unsure: Record<string, number>;
}
