import { appendFile, stat } from 'node:fs/promises';
import type { FailureGroup } from '../../model/diagnosis';
import { NOTES } from '../../model/report';
import { markdownReport } from '../text/markdown-report';
import type { ReporterContext, ReporterFactory } from '../reporter';
import { repositoryPath } from '../text/repository-path';
import { groupText } from '../text/group-text';
import { levelOf } from '../text/group-level';
import { cut, printable } from '../text/printable';
import type { VerdictStyle } from '../text/verdict-style';

/** Number of annotations of each level that the runner shows for a step. The summary has all causes. */
const MAX_PER_LEVEL = 10;
/** Size above which the runner refuses the summary of a step altogether. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
const MAX_MESSAGE_LENGTH = 4000;

type Level = VerdictStyle['level'];

/** Workflow command of each level. */
const COMMANDS: Readonly<Record<Level, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/** Writes for GitHub Actions an annotation for each cause on its source line, and a job summary. */
export const github: ReporterFactory = (screen, context) => ({
  async onEnd(report) {
    for (const line of annotations(report.groups, context)) screen.out(`${line}\n`);
    for (const { because, message } of report.notes ?? []) {
      const data = escapeData(cut(printable(message), MAX_MESSAGE_LENGTH));
      screen.out(`::warning title=${NOTES[because]}::${data}\n`);
    }
    const path = context.env['GITHUB_STEP_SUMMARY'];
    if (!path) return;
    // The file already holds what earlier commands of the same step wrote, and the limit is for all of it.
    const taken = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    const limit = MAX_SUMMARY_BYTES - taken;
    await appendFile(path, markdownReport(report, { limit, sizeOf: (text) => Buffer.byteLength(text) }));
  },
});

function annotations(groups: readonly FailureGroup[], context: ReporterContext): string[] {
  const counts = new Map<Level, number>();
  return groups.flatMap((group) => {
    const level = levelOf(group, context);
    const count = (counts.get(level) ?? 0) + 1;
    counts.set(level, count);
    return count > MAX_PER_LEVEL ? [] : [annotation(level, group, context)];
  });
}

function annotation(level: Level, group: FailureGroup, context: ReporterContext): string {
  const { location, headline, verdict } = group;
  const file = location && repositoryPath(location.file, context);
  const place = file ? { file, line: location.line, col: location.column } : {};
  const properties = { ...place, title: `${verdict}: ${cut(printable(headline), 200)}` };
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  // Without a source line the log shows only the text, not the title.
  const text = file ? groupText(group) : `${headline}\n${groupText(group)}`;
  const message = cut(printable(text), MAX_MESSAGE_LENGTH);
  return `::${COMMANDS[level]} ${listed.join(',')}::${escapeData(message)}`;
}

/** Escapes as the runner expects (actions/toolkit, packages/core/src/command.ts). */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
