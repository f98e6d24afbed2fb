import { connect as connectTls } from 'node:tls';
import { Connection } from '@temporalio/client';
import type { ClientConfigProfile } from '@temporalio/envconfig';
import { messageOf, TemporalReplayError } from '../errors';
import type { ConnectionOptions } from '../options/types';
import { requireSdk } from '../packages/sdk-problems';
import { sdkDirectory } from '../packages/sdk-resolution';
import { retry } from '../util/retry';
import { redactError, secretsOf, withSendableCredentials } from './credentials';
import { clusterError, GRPC, isGrpcError, isRunNotFound, retryPolicy } from './cluster-error';
import type { CallContext } from './cluster-error';
import { envconfig, resolveProfile } from './profile';

type WorkflowService = Connection['workflowService'];

/** A connection over which a first call has succeeded. */
export interface Cluster {
  address: string;
  namespace: string;
  /** Version of the server, or null if it is too old to report one. */
  serverVersion: string | null;
  /**
   * Makes one call. Each attempt has a deadline, and their number is bounded.
   *
   * @param options.isRetried false for a call without which the caller can do
   * @throws CLUSTER_*, ABORTED; and grpc's own error for a run that is not there ({@link isRunNotFound})
   */
  call<T>(
    fn: (service: WorkflowService) => Promise<T>,
    options?: { signal?: AbortSignal | undefined; query?: string; isRetried?: boolean },
  ): Promise<T>;
  close(): Promise<void>;
}

const DEFAULT_ADDRESS = 'localhost:7233';
/** Deadlines of the attempts to connect. The last one is for a slow connection, which goes on to be made between attempts. */
const CONNECT_TIMEOUTS_MS = [5_000, 15_000];
/** Number of attempts to connect: enough for a cluster that is starting, few enough to report soon one that is not there. */
const CONNECT_ATTEMPTS = 4;
/** Deadlines of the attempts of other calls. */
const CALL_TIMEOUTS_MS = [15_000, 30_000];

/**
 * Connects as Temporal's own tools do: options, then the `TEMPORAL_*` environment variables, then a profile of
 * `temporal.toml`. Fails within seconds if nothing answers.
 *
 * @throws CLUSTER_UNREACHABLE, CLUSTER_TLS, CLUSTER_PERMISSION, CLUSTER_FAILED, CONFIG_INVALID, CONFIG_NOT_FOUND, ABORTED,
 * PACKAGE_MISSING, SDK_TOO_OLD, DUPLICATE_PACKAGES
 */
export async function connectCluster(options: ConnectionOptions, signal?: AbortSignal): Promise<Cluster> {
  requireSdk(sdkDirectory(), ['@temporalio/client', '@temporalio/envconfig']);
  const profile = withSendableCredentials(resolveProfile(options));
  const { connection, context } = openConnection(profile);

  const call = async <T>(
    fn: () => Promise<T>,
    timeoutMs: number,
    callSignal: AbortSignal | undefined,
  ): Promise<T> => {
    if (callSignal?.aborted) throw aborted();
    // The SDK never removes its listener: a single signal would collect one for each of a hundred thousand calls.
    const abort = new AbortController();
    const onAbort = () => abort.abort();
    callSignal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await connection.withDeadline(Date.now() + timeoutMs, () =>
        connection.withAbortSignal(abort.signal, fn),
      );
    } finally {
      callSignal?.removeEventListener('abort', onAbort);
    }
  };

  let serverVersion: string | null;
  try {
    const timeout = deadlines(CONNECT_TIMEOUTS_MS);
    const delayOf = retryPolicy();
    serverVersion = await retry(
      async () => {
        const info = await call(() => connection.workflowService.getSystemInfo({}), timeout(), signal);
        return info.serverVersion || null;
      },
      {
        delayAfter: (err, attempt) =>
          isUnavailable(err) && attempt >= CONNECT_ATTEMPTS ? null : delayOf(err),
        signal,
      },
    );
  } catch (err) {
    if (!isOldServer(err)) {
      await connection.close();
      if (signal?.aborted) throw aborted();
      throw (await plaintextToTls(err, context)) ?? clusterError(err, context);
    }
    serverVersion = null;
  }

  return {
    address: context.address,
    namespace: context.namespace,
    serverVersion,
    async call(fn, { signal: callSignal, query, isRetried = true } = {}) {
      const timeout = deadlines(CALL_TIMEOUTS_MS);
      try {
        return await retry(() => call(() => fn(connection.workflowService), timeout(), callSignal), {
          delayAfter: isRetried ? retryPolicy() : () => null,
          signal: callSignal,
        });
      } catch (err) {
        if (callSignal?.aborted) throw aborted();
        throw isRunNotFound(err) ? err : clusterError(err, { ...context, query });
      }
    },
    close: () => connection.close(),
  };
}

function openConnection(profile: ClientConfigProfile): { connection: Connection; context: CallContext } {
  const address = profile.address || DEFAULT_ADDRESS;
  const secrets = secretsOf(profile);
  const context = { address, namespace: profile.namespace || 'default', tls: usesTls(profile), secrets };
  try {
    const { apiKey, tls, metadata } = envconfig().toClientOptions(profile).connectionOptions;
    const connection = Connection.lazy({
      address,
      ...(apiKey ? { apiKey } : {}),
      ...(tls === undefined ? {} : { tls }),
      ...(metadata ? { metadata: metadata as Record<string, string> } : {}),
      // The SDK's retries cannot be aborted and hide why a connection fails, so we make our own.
      interceptors: [],
      // The SDK means 128 MB as well, but its key lacks the prefix (client/src/connection.ts), which leaves grpc's 4 MB.
      channelArgs: {
        'grpc.max_receive_message_length': 128 * 1024 * 1024,
        // Otherwise grpc reports the failure of an earlier attempt until a second has passed, and our retries all meet it.
        'grpc.initial_reconnect_backoff_ms': 100,
      },
    });
    return { connection, context };
  } catch (err) {
    redactError(err, secrets);
    const { code, path } = err as NodeJS.ErrnoException;
    if (path !== undefined) {
      throw new TemporalReplayError('CLUSTER_TLS', `Cannot read ${path}, which TLS is to use (${code}).`, {
        cause: err,
      });
    }
    if (code?.startsWith('ERR_')) {
      throw new TemporalReplayError(
        'CLUSTER_TLS',
        `The client certificate or key is not PEM: ${messageOf(err)}`,
        { cause: err },
      );
    }
    throw new TemporalReplayError('CLUSTER_UNREACHABLE', messageOf(err), {
      cause: err,
      hint: 'Check --address: host:port.',
    });
  }
}

const usesTls = ({ tls, apiKey }: ClientConfigProfile) =>
  tls === undefined ? apiKey !== undefined : tls.disabled !== true;

/** Returns the error for a plain connection to a port that expects TLS and drops it without a reason, or null for another cause. */
async function plaintextToTls(err: unknown, context: CallContext): Promise<TemporalReplayError | null> {
  if (context.tls || !isGrpcError(err) || err.code !== GRPC.UNAVAILABLE) return null;
  if (/ECONNREFUSED|Name resolution/.test(err.details)) return null;
  const match = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(context.address);
  if (match === null) return null;
  const host = match[1] ?? match[2]!;
  const speaksTls = await new Promise<boolean>((done) => {
    // Nothing is sent over this connection, so its certificate need not be trusted.
    const socket = connectTls({
      host,
      port: Number(match[3] ?? 7233),
      rejectUnauthorized: false,
      ALPNProtocols: ['h2'],
      timeout: 1000,
    });
    const end = (result: boolean) => {
      socket.destroy();
      done(result);
    };
    socket.once('secureConnect', () => end(true));
    socket.once('timeout', () => end(false));
    // An alert is an answer in TLS too: the server requires a client certificate.
    socket.once('error', ({ message }) => end(/SSL alert/i.test(message)));
  });
  if (!speaksTls) return null;
  return new TemporalReplayError(
    'CLUSTER_TLS',
    `The server at ${context.address} expects TLS, and TLS is off.`,
    {
      cause: err,
      hint: 'Add --tls, or the certificate options or the API key that the cluster asks for.',
    },
  );
}

/** Returns a function that returns the deadlines one after another, and then the last one again. */
function deadlines(timesMs: readonly number[]): () => number {
  let attempt = 0;
  return () => timesMs[Math.min(attempt++, timesMs.length - 1)]!;
}

const isUnavailable = (err: unknown) => isGrpcError(err) && err.code === GRPC.UNAVAILABLE;

/** Returns true for a server before 1.15, which has no GetSystemInfo. Another kind of web server differs in its message. */
const isOldServer = (err: unknown) =>
  isGrpcError(err) && err.code === GRPC.UNIMPLEMENTED && !/HTTP status/i.test(err.details);

const aborted = () => new TemporalReplayError('ABORTED', 'Stopped.');
