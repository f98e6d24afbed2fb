import type { ClientConfigProfile } from '@temporalio/envconfig';
import { TemporalReplayError } from '../errors';

/** Matches what gRPC can send as the value of a header. */
const SENDABLE = /^[ -~]*$/;

/** Length below which a header or a word of it is no secret, and too likely to stand in a message by chance. */
const MIN_SECRET_HEADER = 8;

const REDACTED = '(redacted)';

/**
 * Returns the profile without blanks around its API key, which a file often ends with. gRPC would refuse other characters with a
 * message that quotes the key.
 *
 * @throws CONFIG_INVALID
 */
export function withSendableCredentials(profile: ClientConfigProfile): ClientConfigProfile {
  const { apiKey: given, grpcMeta, ...rest } = profile;
  const apiKey = given?.trim();
  if (apiKey !== undefined && !SENDABLE.test(apiKey)) {
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      'The API key contains a character that cannot be sent, such as a line break.',
      { hint: 'Check --api-key, TEMPORAL_API_KEY and api_key in temporal.toml.' },
    );
  }
  const [header] = Object.entries(grpcMeta ?? {}).find(([, value]) => !SENDABLE.test(value)) ?? [];
  if (header !== undefined) {
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      `The header ${header} contains a character that cannot be sent, such as a line break.`,
      { hint: 'Check TEMPORAL_GRPC_META_* and grpc_meta in temporal.toml.' },
    );
  }
  return { ...rest, ...(apiKey !== undefined && { apiKey }), ...(grpcMeta && { grpcMeta }) };
}

/** Returns the values of a profile that no message may quote, the longest first: its API key, and its headers with their words. */
export function secretsOf({ apiKey, grpcMeta = {} }: ClientConfigProfile): string[] {
  const headers = Object.values(grpcMeta).flatMap((value) => [value, ...value.split(' ')]);
  return [...(apiKey ? [apiKey] : []), ...headers.filter(({ length }) => length >= MIN_SECRET_HEADER)].sort(
    (a, b) => b.length - a.length,
  );
}

/** Removes the secrets from the texts of an error, which a cluster or gRPC may have put there. The error is also the cause of ours. */
export function redactError(err: unknown, secrets: readonly string[]): void {
  if (!(err instanceof Error) || secrets.length === 0) return;
  const texts = err as unknown as Record<string, unknown>;
  for (const name of ['message', 'stack', 'details']) {
    const text = texts[name];
    if (typeof text === 'string') texts[name] = secrets.reduce(redacted, text);
  }
}

const redacted = (text: string, secret: string): string => text.replaceAll(secret, REDACTED);
