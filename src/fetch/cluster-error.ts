import { isTemporalReplayError, messageOf, TemporalReplayError } from '../errors';
import { redactError } from './credentials';

/** gRPC status codes that are told apart here, as in `@grpc/grpc-js`, which is no dependency of ours. */
export const GRPC = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** Subject of a failed call, for its message. */
export interface CallContext {
  address: string;
  namespace: string;
  query?: string | undefined;
  /** True if TLS is on. */
  tls: boolean;
  /** Values that no message may quote. */
  secrets: readonly string[];
}

interface GrpcError extends Error {
  code: number;
  details: string;
  metadata?: { get(key: string): unknown[] };
}

export function isGrpcError(err: unknown): err is GrpcError {
  return err instanceof Error && typeof (err as Partial<GrpcError>).code === 'number' && 'details' in err;
}

/** Returns true if the run does not exist, or no longer. An unknown namespace, which has the same status, is another error. */
export function isRunNotFound(err: unknown): boolean {
  return isGrpcError(err) && err.code === GRPC.NOT_FOUND && !isNamespaceNotFound(err);
}

function isNamespaceNotFound(err: GrpcError): boolean {
  const details = err.metadata?.get('grpc-status-details-bin') ?? [];
  return (
    details.some((bin) => Buffer.isBuffer(bin) && bin.includes('NamespaceNotFoundFailure')) ||
    /^namespace .*not found/i.test(err.details)
  );
}

const PASSING_FAULT = { attempts: 5, delayMs: 250 };

/** The number of attempts that a call gets in spite of each status, and the longest delay after the first of them. */
const RETRIES: Readonly<Record<number, { attempts: number; delayMs: number }>> = {
  // A cluster that throttles needs more time than one that lost a connection.
  [GRPC.RESOURCE_EXHAUSTED]: { attempts: 9, delayMs: 1_000 },
  [GRPC.UNAVAILABLE]: { attempts: 8, delayMs: 250 },
  [GRPC.DEADLINE_EXCEEDED]: { attempts: 2, delayMs: 250 },
  // Servers and the proxies before them give these for faults of their own.
  [GRPC.CANCELLED]: PASSING_FAULT,
  [GRPC.UNKNOWN]: PASSING_FAULT,
  [GRPC.ABORTED]: PASSING_FAULT,
  [GRPC.INTERNAL]: PASSING_FAULT,
  [GRPC.DATA_LOSS]: PASSING_FAULT,
};

/**
 * Returns a function that returns the longest delay in ms before another attempt of one call, or null if none would help. It counts
 * the failures of each status.
 */
export function retryPolicy(): (err: unknown) => number | null {
  const failures = new Map<number, number>();
  return (err) => {
    const rule = isGrpcError(err) ? RETRIES[err.code] : undefined;
    if (!isGrpcError(err) || rule === undefined || isLasting(err)) return null;
    const count = (failures.get(err.code) ?? 0) + 1;
    failures.set(err.code, count);
    return count < rule.attempts ? rule.delayMs : null;
  };
}

/** Returns true for a fault that another attempt would meet as well, although its status is often that of a passing one. */
const isLasting = (err: GrpcError): boolean =>
  isTooLarge(err) || (err.code === GRPC.UNAVAILABLE && isTlsProblem(err.details));

/** Returns true for an answer that exceeds the client's own limit on the size of a message. */
const isTooLarge = ({ code, details }: GrpcError): boolean =>
  code === GRPC.RESOURCE_EXHAUSTED && /larger than max/i.test(details);

/**
 * Converts any error of a call into one with a message of one line, and a hint that says what to do. Neither it nor its cause holds
 * a secret of the connection.
 */
export function clusterError(err: unknown, context: CallContext): TemporalReplayError {
  if (isTemporalReplayError(err)) return err;
  redactError(err, context.secrets);
  const { address, namespace, query } = context;
  const options = { cause: err };
  if (!isGrpcError(err))
    return new TemporalReplayError(
      'CLUSTER_FAILED',
      `Temporal at ${address}: ${oneLine(messageOf(err))}`,
      options,
    );

  const details = oneLine(err.details);
  switch (err.code) {
    case GRPC.CANCELLED:
      return new TemporalReplayError(
        'CLUSTER_FAILED',
        `The cluster at ${address} keeps cancelling calls: ${details}`,
        options,
      );
    case GRPC.PERMISSION_DENIED:
    case GRPC.UNAUTHENTICATED:
      return new TemporalReplayError(
        'CLUSTER_PERMISSION',
        `No permission for namespace ${namespace} at ${address}: ${details}`,
        options,
      );
    case GRPC.NOT_FOUND:
      if (isNamespaceNotFound(err)) {
        return new TemporalReplayError(
          'CLUSTER_NAMESPACE',
          `The cluster at ${address} has no namespace "${namespace}".`,
          options,
        );
      }
      break;
    case GRPC.INVALID_ARGUMENT:
      if (query !== undefined && /query|search attribute/i.test(details)) {
        const reason = details.replace(/^invalid query: /i, '');
        return new TemporalReplayError(
          'CLUSTER_QUERY',
          `The cluster does not understand the query ${query}: ${reason}`,
          options,
        );
      }
      break;
    case GRPC.DEADLINE_EXCEEDED:
      return new TemporalReplayError(
        'CLUSTER_UNREACHABLE',
        `Temporal at ${address} did not answer in time.`,
        options,
      );
    case GRPC.UNIMPLEMENTED:
      return new TemporalReplayError(
        'CLUSTER_UNREACHABLE',
        `What answers at ${address} is not a Temporal cluster: ${details}`,
        options,
      );
    case GRPC.UNAVAILABLE:
      return unavailable(details, context, err);
    case GRPC.RESOURCE_EXHAUSTED:
      if (isTooLarge(err)) {
        return new TemporalReplayError(
          'CLUSTER_FAILED',
          `The cluster at ${address} sent an answer that is too large: ${details}`,
          { ...options, hint: 'Fetch the other runs: by their ids, or with a query that excludes this one.' },
        );
      }
      return new TemporalReplayError(
        'CLUSTER_FAILED',
        `The cluster at ${address} keeps refusing calls, they are too many: ${details}`,
        {
          ...options,
          hint: 'Lower --concurrency, or try again later.',
        },
      );
  }
  return new TemporalReplayError('CLUSTER_FAILED', `Temporal at ${address}: ${details}`, options);
}

function unavailable(details: string, { address, tls }: CallContext, cause: unknown): TemporalReplayError {
  // grpc-js: "No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: "
  const reason = (
    /Last error: (?:\w*Error(?: \[\w+\])?: )?(.*?)\.? *(?:Resolution note:.*)?$/.exec(details)?.[1] ?? details
  ).trim();
  if (/wrong version number|packet length too long|http request/i.test(reason)) {
    return new TemporalReplayError('CLUSTER_TLS', `The server at ${address} does not speak TLS.`, {
      cause,
      hint: 'Drop --tls, the certificate options and the API key, or add --no-tls.',
    });
  }
  if (isTlsProblem(reason)) {
    return new TemporalReplayError(
      'CLUSTER_TLS',
      `TLS with ${address} failed: ${reason.replace(/^[0-9A-F]+:error:[0-9A-F]+:/, '')}`,
      { cause },
    );
  }
  const plain = reason.includes('ECONNREFUSED')
    ? 'connection refused'
    : /Name resolution failed|ENOTFOUND|EAI_AGAIN/.test(reason)
      ? 'the host name is unknown'
      : /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(reason)
        ? 'no route to the host'
        : /Failed to connect|Protocol error|ECONNRESET|socket hang up/i.test(reason)
          ? `it closes the connection${tls ? '' : ' (does it expect TLS?)'}`
          : reason;
  return new TemporalReplayError('CLUSTER_UNREACHABLE', `Cannot reach Temporal at ${address}: ${plain}.`, {
    cause,
  });
}

/** Returns true if the text is OpenSSL's or Node's for a failed handshake, which another attempt would not mend. */
function isTlsProblem(details: string): boolean {
  return /SSL routines|SSL alert|certificate|ERR_TLS|ERR_SSL|altnames/i.test(details);
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
