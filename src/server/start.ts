import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type {
  LocalTestWorkflowEnvironmentOptions,
  TimeSkippingTestWorkflowEnvironmentOptions,
} from '@temporalio/testing';
import { messageOf, TemporalReplayError } from '../errors';
import { cacheDirectory } from '../util/cache-directory';
import { locateServer, SERVERS, serverNotFound, STEP_NAMES } from './locate';
import type { LocatedServer, LocateOptions, ServerKind, ServerSource } from './locate';
import { makeDirectory } from '../util/make-directory';

/** Types of search attributes that the dev server's `--search-attribute` accepts. */
export type SearchAttributeTypeName =
  'Text' | 'Keyword' | 'Int' | 'Double' | 'Bool' | 'Datetime' | 'KeywordList';

type Executable = { type: 'existing-path'; path: string } | { type: 'cached-download'; downloadDir: string };
type DevServer = NonNullable<LocalTestWorkflowEnvironmentOptions['server']>;
type TimeSkippingServer = NonNullable<TimeSkippingTestWorkflowEnvironmentOptions['server']>;

export interface DevServerOptions
  extends LocateOptions, Pick<DevServer, 'ip' | 'port' | 'ui' | 'uiPort' | 'dbFilename' | 'extraArgs'> {
  /** Namespace that is created at the start. @default 'default' */
  namespace?: string;
  /** Search attributes that are registered at the start: `{ CustomerId: 'Keyword' }`. */
  searchAttributes?: Readonly<Record<string, SearchAttributeTypeName>>;
  /** Level of the server's log on standard error. @default 'error' */
  logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'never';
  /** Data converter and interceptors of the environment's client. */
  client?: LocalTestWorkflowEnvironmentOptions['client'];
}

export interface TimeSkippingServerOptions
  extends LocateOptions, Pick<TimeSkippingServer, 'port' | 'extraArgs'> {
  client?: TimeSkippingTestWorkflowEnvironmentOptions['client'];
}

/** Number of starts: the free port that the SDK picks can be taken before the server binds it, and a busy machine can miss its limit of 5 s. */
const START_ATTEMPTS = 3;
/** Time limit of a download, to which the SDK sets none. */
const DOWNLOAD_TIMEOUT_MS = 3 * 60_000;

/**
 * Starts a real Temporal server, which keeps its data in memory unless `dbFilename` is given. `await env.teardown()` stops it.
 *
 * @throws SERVER_NOT_FOUND with each place that was tried
 * @throws SERVER_FAILED if the server was found and did not start
 */
export async function startDevServer(options: DevServerOptions = {}): Promise<TestWorkflowEnvironment> {
  const { ip, port, ui, uiPort, dbFilename, namespace, client } = options;
  const attributes = Object.entries(options.searchAttributes ?? {}).flatMap(([name, type]) => [
    '--search-attribute',
    `${name}=${type}`,
  ]);
  const server = {
    ...definedOnly({ ip, port, ui, uiPort, dbFilename, namespace }),
    log: { format: 'pretty', level: options.logLevel ?? 'error' },
    // The server inherits our standard output, which is for the report alone, so its banner is off.
    extraArgs: ['--output', 'none', ...attributes, ...(options.extraArgs ?? [])],
  };
  return await start('dev-server', options, port === undefined, (executable) =>
    TestWorkflowEnvironment.createLocal({ server: { ...server, executable }, ...definedOnly({ client }) }),
  );
}

/**
 * Starts the test server that skips time. It has a single clock: never share it between tests that run at once. It has no visibility (list, count), no schedules and no reset.
 *
 * @throws SERVER_NOT_FOUND with each place that was tried
 * @throws SERVER_FAILED if the server was found and did not start
 */
export async function startTimeSkippingServer(
  options: TimeSkippingServerOptions = {},
): Promise<TestWorkflowEnvironment> {
  const { port, extraArgs, client } = options;
  const server = definedOnly({ port, extraArgs });
  return await start('time-skipping', options, port === undefined, (executable) =>
    TestWorkflowEnvironment.createTimeSkipping({
      server: { ...server, executable },
      ...definedOnly({ client }),
    }),
  );
}

async function start(
  kind: ServerKind,
  options: LocateOptions,
  anyPort: boolean,
  create: (executable: Executable) => Promise<TestWorkflowEnvironment>,
): Promise<TestWorkflowEnvironment> {
  const located = await locateServer(kind, options);
  warnOfIgnoredPath(kind, located, options);
  if (located.download) return await startDownloaded(kind, located, options, create);

  for (let attempt = 1; ; attempt++) {
    try {
      return await create({ type: 'existing-path', path: located.path });
    } catch (err) {
      if (anyPort && attempt < START_ATTEMPTS) continue;
      throw new TemporalReplayError('SERVER_FAILED', `${located.path} did not start: ${messageOf(err)}`, {
        cause: err,
      });
    }
  }
}

async function startDownloaded(
  kind: ServerKind,
  { attempts }: LocatedServer,
  options: LocateOptions,
  create: (executable: Executable) => Promise<TestWorkflowEnvironment>,
): Promise<TestWorkflowEnvironment> {
  const downloadDir = join(options.cacheDir ?? cacheDirectory(options.env), 'servers', 'sdk-download');
  const isDownloaded = (await readdir(downloadDir).catch(() => [])).length > 0;
  const attempt = async (): Promise<TestWorkflowEnvironment> => {
    makeDirectory(downloadDir);
    return startWithin({ type: 'cached-download', downloadDir }, create);
  };
  try {
    return await attempt().catch(async (err: unknown) => {
      if (!isDownloaded) throw err;
      // The SDK does not check what it has downloaded before, so a damaged file would fail each time.
      await rm(downloadDir, { recursive: true, force: true });
      return attempt();
    });
  } catch (err) {
    throw serverNotFound(kind, [...attempts, { step: 'download', outcome: messageOf(err) }], err);
  }
}

async function startWithin(
  executable: Executable,
  create: (executable: Executable) => Promise<TestWorkflowEnvironment>,
): Promise<TestWorkflowEnvironment> {
  const starting = create(executable);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = DOWNLOAD_TIMEOUT_MS / 1000;
    timer = setTimeout(() => reject(new Error(`not done within ${seconds} s`)), DOWNLOAD_TIMEOUT_MS);
  });
  try {
    return await Promise.race([starting, late]);
  } catch (err) {
    // A server that starts after the limit would be left running.
    starting.then((env) => env.teardown()).catch(() => undefined);
    throw err;
  } finally {
    clearTimeout(timer);
  }
}

/** Warns if the executable that the user named is not used. */
function warnOfIgnoredPath(
  kind: ServerKind,
  { attempts }: LocatedServer,
  { path, env = process.env }: LocateOptions,
): void {
  const named: Partial<Record<ServerSource, string | undefined>> = {
    option: path,
    environment: env[SERVERS[kind].environmentVariable],
  };
  for (const { step, outcome } of attempts) {
    if (named[step] && !outcome.startsWith('found ')) {
      process.emitWarning(`temporal-replay: ${STEP_NAMES[step]}: ${outcome}; looking elsewhere`);
    }
  }
}

/** Removes options that are undefined: the SDK treats some of them differently from absent ones. */
function definedOnly<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}
