import { posix, resolve, win32 } from 'node:path';
import type { DiagnosedReport } from '../../model/report';
import type { SourceLocation } from '../../model/source';
import type { HistoryResult } from '../../model/verdict';
import type { ReporterContext } from '../reporter';
import { encodedPath, lineUrl, repositoryLinks } from '../text/repository-links';

/** Addresses that the page links to. Each is null if it is not known. */
export interface PageLinks {
  /** Returns the address that opens a place in an editor on this machine. */
  editor(location: SourceLocation): string | null;
  /** Returns the page of a line in the repository. */
  repository(location: Pick<SourceLocation, 'file' | 'line'>): string | null;
  /** Returns the page of a run in the Temporal UI, or that of one of its events. */
  run(
    result: Pick<HistoryResult, 'workflowId' | 'runId' | 'namespace'>,
    eventId?: number | null,
  ): string | null;
}

/** Returns the links of a report. Those to an editor are left out in CI, since the report is read elsewhere then. */
export function pageLinks({ origin }: DiagnosedReport, context: ReporterContext): PageLinks {
  const { cwd, env } = context;
  const isCi = Boolean(env['CI']) && env['CI'] !== 'false';
  const { filesUrl = null, directory = '' } = origin?.repository ?? {};
  const ofRunner = repositoryLinks(context);
  const ui = origin?.temporalUi ?? null;
  return {
    editor: ({ file, line, column }) => (isCi ? null : editorUrl(cwd, file, line, column)),
    repository(location) {
      const path = pathInRepository(location.file, directory);
      if (filesUrl === null || path === null) return webUrl(ofRunner.lineUrl(location));
      return webUrl(lineUrl(filesUrl, path, location.line));
    },
    run({ workflowId, runId, namespace = ui?.namespace }, eventId = null) {
      if (!ui || !workflowId || !runId || namespace === undefined) return null;
      const path = ['namespaces', namespace, 'workflows', workflowId, runId, 'history'];
      const event = eventId === null ? [] : ['events', String(eventId)];
      return webUrl(`${ui.url}/${encodedPath([...path, ...event])}`);
    },
  };
}

/** Returns the path of a file below the root of the repository; null for one outside of the run's repository. */
function pathInRepository(file: string, directory: string): string | null {
  if (posix.isAbsolute(file) || win32.isAbsolute(file)) return null;
  const path = posix.join(directory, file.replaceAll('\\', '/'));
  return path.startsWith('../') ? null : path;
}

function editorUrl(cwd: string, file: string, line: number, column: number): string {
  const path = (win32.isAbsolute(file) && !posix.isAbsolute(file) ? file : resolve(cwd, file)).replaceAll(
    '\\',
    '/',
  );
  const whole = path.startsWith('/') ? path : `/${path}`;
  const encoded = encodedPath(whole.split('/')).replace(/^\/([a-z])%3A/i, '/$1:');
  return `vscode://file${encoded}:${line}:${column}`;
}

/** Returns an address in its encoded form; null if it is not one of a page. */
export function webUrl(address: string | null): string | null {
  if (address === null || !URL.canParse(address)) return null;
  const { protocol, href } = new URL(address);
  return protocol === 'https:' || protocol === 'http:' ? href.replace(/\/+$/, '') : null;
}
