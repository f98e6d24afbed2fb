import { readFileSync } from 'node:fs';
import type { ReplayableProject } from '../loaded-project';
import type { EngineOptions, ReplayRequest } from '../replay-engine';
import { Unsure } from './unsure';
import { checkEvents } from './wire';

/** Versions of the SDK whose core the screen was compared with (`npm run prove:engine`). */
const PROVEN_SDK_VERSIONS: ReadonlySet<string> = new Set(['1.24.0']);

/** The name under which the SDK for TypeScript records itself. */
const SDK_NAME = 'temporal-typescript';

/** Throws `Unsure` unless the project, the options and the history are such as the screen was made for. */
export function checkSupported(
  { contexts, settings }: ReplayableProject,
  { counters, diagnosis }: EngineOptions,
  { history }: ReplayRequest,
): void {
  if (!PROVEN_SDK_VERSIONS.has(installedSdkVersion())) throw new Unsure('SDK version');
  if (contexts.kind !== 'reused') throw new Unsure('own V8 contexts');
  if (counters !== null) throw new Unsure('coverage');
  if (diagnosis.traces === 'all' || diagnosis.traces === 'new-run') throw new Unsure('trace');
  // They would be called a second time where core checks the screen.
  const sinks = Object.values(settings.sinks ?? {}).flatMap((sink) => Object.values(sink ?? {}));
  if (sinks.some((sink) => sink?.callDuringReplay === true)) throw new Unsure('sinks');
  const events = history.events ?? [];
  for (const { workflowTaskCompletedEventAttributes: completed } of events) {
    const sdkName = completed?.sdkMetadata?.sdkName;
    if (sdkName && sdkName !== SDK_NAME) throw new Unsure('history of another SDK');
  }
  checkEvents(events);
}

let version: string | null = null;

/** Returns the version of the SDK that this process runs. */
function installedSdkVersion(): string {
  if (version !== null) return version;
  const file = require.resolve('@temporalio/worker/package.json');
  version = (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
  return version;
}
