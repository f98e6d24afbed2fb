import { TemporalReplayError } from '../errors';
import type { TemporalUi } from '../model/run-origin';
import type { ConnectionOptions } from '../options/types';
import { resolveProfile } from './profile';

const CLOUD_UI = 'https://cloud.temporal.io';
/** Addresses of Temporal Cloud, by namespace or by region. */
const CLOUD_ADDRESS = /\.(?:tmprl\.cloud|api\.temporal\.io)(?::\d+)?$/;

/**
 * Returns the Temporal UI at `uiUrl`, or that of Temporal Cloud if the connection leads there; null if neither is so. The namespace is
 * that of the connection.
 */
export function temporalUi(uiUrl: string | undefined, connection: ConnectionOptions): TemporalUi | null {
  const { address = '', namespace = 'default' } = profileOf(connection);
  const url = uiUrl ?? (CLOUD_ADDRESS.test(address) ? CLOUD_UI : null);
  return url === null ? null : { url: url.replace(/\/+$/, ''), namespace };
}

/** Returns the profile, or the options alone if there is no package to read it with, or it is broken. */
function profileOf(connection: ConnectionOptions): Pick<ConnectionOptions, 'address' | 'namespace'> {
  try {
    return resolveProfile(connection);
  } catch {
    return connection;
  }
}

/** Refuses the option `uiUrl` if it is no URL of a page. @throws CONFIG_INVALID */
export function checkUiUrl(uiUrl: string | undefined): void {
  if (uiUrl === undefined || (URL.canParse(uiUrl) && /^https?:$/.test(new URL(uiUrl).protocol))) return;
  throw new TemporalReplayError('CONFIG_INVALID', 'The option `uiUrl` is no URL that begins with http.', {
    hint: 'Give the address of the Temporal UI, as in --ui-url https://temporal.example.com.',
  });
}
