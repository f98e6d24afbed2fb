import type { ReplayConfig } from './types';

/** Returns its argument, which editors and the compiler check as the config of a `replay.config.ts`. */
export const defineConfig = (config: ReplayConfig): ReplayConfig => config;
