import type { ReplayConfig } from './types';

/** Types a `replay.config.ts`; returns its argument. */
export const defineConfig = (config: ReplayConfig): ReplayConfig => config;
