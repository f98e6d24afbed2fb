import { existsSync } from 'node:fs';
import type { ClientConfigProfile } from '@temporalio/envconfig';
import { TemporalReplayError, messageOf } from '../errors';
import type { ConnectionOptions } from '../options/types';

/** Loads the package that reads the environment and `temporal.toml`, which few commands need. */
export const envconfig = (): typeof import('@temporalio/envconfig') =>
  require('@temporalio/envconfig') as typeof import('@temporalio/envconfig');

/** Merges the settings: options take precedence over the environment, and this over the file. */
export function resolveProfile(options: ConnectionOptions): ClientConfigProfile {
  // envconfig treats a missing file as an empty one, which is right only for the default path.
  if (options.configFile !== undefined && !existsSync(options.configFile)) {
    throw new TemporalReplayError('CONFIG_NOT_FOUND', `There is no ${options.configFile}.`, {
      hint: 'Check --config-file.',
    });
  }
  let profile: ClientConfigProfile;
  try {
    profile = envconfig().loadClientConfigProfile({
      ...(options.profile === undefined ? {} : { profile: options.profile }),
      ...(options.configFile === undefined ? {} : { configSource: { path: options.configFile } }),
    });
  } catch (err) {
    throw new TemporalReplayError(
      'CONFIG_INVALID',
      `Temporal's client configuration: ${messageOf(err).split('\n')[0]}`,
      {
        // The error itself is no cause: it quotes the lines of the file, which holds secrets.
        hint: 'Check --profile, TEMPORAL_PROFILE and the temporal.toml that they name.',
      },
    );
  }

  const { address, namespace, apiKey, tls, tlsCaPath, tlsCertPath, tlsKeyPath, tlsServerName } = options;
  if (address !== undefined) profile.address = address;
  if (namespace !== undefined) profile.namespace = namespace;
  if (apiKey !== undefined) profile.apiKey = apiKey;
  const named = tlsCaPath ?? tlsCertPath ?? tlsKeyPath ?? tlsServerName;
  if (tls !== undefined || named !== undefined) {
    profile.tls = {
      ...profile.tls,
      ...(tlsCaPath === undefined ? {} : { serverCACert: { path: tlsCaPath } }),
      ...(tlsCertPath === undefined ? {} : { clientCert: { path: tlsCertPath } }),
      ...(tlsKeyPath === undefined ? {} : { clientKey: { path: tlsKeyPath } }),
      ...(tlsServerName === undefined ? {} : { serverName: tlsServerName }),
      disabled: tls === false,
    };
  }
  if (profile.tls !== undefined && profile.tls.disabled !== true) {
    const { clientCert, clientKey } = profile.tls;
    // envconfig drops one without the other, and the cluster would only report that there is no certificate.
    if ((clientCert === undefined) !== (clientKey === undefined)) {
      const [given, missing] = clientCert ? ['certificate', 'key'] : ['key', 'certificate'];
      throw new TemporalReplayError(
        'CLUSTER_TLS',
        `A client ${given} is given for TLS, but no client ${missing}.`,
        {
          hint: 'Give both --tls-cert-path and --tls-key-path.',
        },
      );
    }
  }
  return profile;
}
