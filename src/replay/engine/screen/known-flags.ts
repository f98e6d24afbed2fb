import type { temporal } from '@temporalio/proto';
import { Unsure } from './unsure';

type Metadata = temporal.api.sdk.v1.IWorkflowTaskCompletedMetadata;

/** Core's flag from which on commands after the one that ends the workflow are kept. */
const MOVE_TERMINAL_COMMANDS = 3;
const UPSERT_SEARCH_ATTRIBUTE_ON_PATCH = 2;
/** The highest of core's flags that the screen knows. */
const HIGHEST_CORE_FLAG = 3;

/** The flags and the SDK version that the workflow tasks have recorded so far (`internal_flags.rs`). */
export class KnownFlags {
  private readonly core = new Set<number>();
  private lang: number[] = [];
  lastSdkVersion = '';

  add({ coreUsedFlags, langUsedFlags, sdkVersion }: Metadata): void {
    for (const flag of coreUsedFlags ?? []) {
      if (!(flag >= 1 && flag <= HIGHEST_CORE_FLAG)) throw new Unsure('unknown flag', `core ${flag}`);
      this.core.add(flag);
    }
    if (langUsedFlags?.length)
      this.lang = [...new Set([...this.lang, ...langUsedFlags])].sort((a, b) => a - b);
    if (sdkVersion) this.lastSdkVersion = sdkVersion;
  }

  /** The flags of the SDK in TypeScript, in their order. */
  get ofLanguage(): number[] {
    return [...this.lang];
  }

  keepsCommandsAfterEnd(replaying: boolean): boolean {
    return !replaying || this.core.has(MOVE_TERMINAL_COMMANDS);
  }

  upsertsOnPatch(replaying: boolean): boolean {
    return !replaying || this.core.has(UPSERT_SEARCH_ATTRIBUTE_ON_PATCH);
  }
}
