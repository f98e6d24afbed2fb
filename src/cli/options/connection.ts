import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import type { ConnectionOptions } from '../../options/types';

/** The flags by which every command that talks to a cluster finds it. */
export type ConnectionArgs = ConnectionOptions;

const FLAGS: Readonly<Record<keyof ConnectionArgs, { type: 'string' | 'boolean'; describe: string }>> = {
  address: {
    type: 'string',
    describe: 'Temporal address, host:port (else TEMPORAL_ADDRESS or temporal.toml)',
  },
  namespace: { type: 'string', describe: 'Namespace (else TEMPORAL_NAMESPACE or temporal.toml)' },
  apiKey: { type: 'string', describe: 'API key (better in TEMPORAL_API_KEY)' },
  tls: { type: 'boolean', describe: 'Use TLS; on by itself with an API key or a certificate' },
  tlsCaPath: { type: 'string', describe: 'CA certificate of the server' },
  tlsCertPath: { type: 'string', describe: 'Client certificate' },
  tlsKeyPath: { type: 'string', describe: 'Key of the client certificate' },
  tlsServerName: { type: 'string', describe: 'Name that the server certificate must carry' },
  profile: { type: 'string', describe: 'Profile of temporal.toml' },
  configFile: { type: 'string', describe: 'Path of temporal.toml' },
};

export function connectionOptions<T>(yargs: Argv<T>): Argv<T> {
  return Object.entries(FLAGS).reduce(
    (built, [name, flag]) => built.option(dashed(name), { ...flag, group: 'Cluster:' }) as unknown as Argv<T>,
    yargs,
  );
}

const dashed = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The given ones only, so that the environment and the config file fill the rest. */
export function connectionOf(args: ConnectionArgs): ConnectionOptions {
  const given = (Object.keys(FLAGS) as (keyof ConnectionArgs)[]).filter((name) => args[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, args[name]]));
}

/** The connection that a config file describes; its paths are taken from its own directory. */
export function connectionInDirectory(configured: ConnectionOptions, dir: string): ConnectionOptions {
  const { address, namespace, apiKey, tls, tlsServerName, profile } = configured;
  const path = (file: string | undefined) => (file === undefined ? undefined : resolve(dir, file));
  const connection = {
    ...{ address, namespace, apiKey, tls, tlsServerName, profile },
    tlsCaPath: path(configured.tlsCaPath),
    tlsCertPath: path(configured.tlsCertPath),
    tlsKeyPath: path(configured.tlsKeyPath),
    configFile: path(configured.configFile),
  };
  return Object.fromEntries(Object.entries(connection).filter(([, value]) => value !== undefined));
}
