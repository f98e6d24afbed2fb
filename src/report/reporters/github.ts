import { appendFile, stat } from 'node:fs/promises';
import type { FailureGroup } from '../../model/diagnosis';
import { NOTES } from '../../model/report';
import { markdownReport } from '../text/markdown-report';
import type { ReporterContext, ReporterFactory } from '../reporter';
import { repositoryLinks } from '../text/repository-links';
import { repositoryPath } from '../text/repository-path';
import { groupText } from '../text/group-text';
import { guarded } from '../text/guarded';
import { unprovenText } from '../text/status-text';
import { levelOf } from '../text/group-level';
import { cut, printable } from '../../util/printable';
import type { RunnerCommand } from '../text/runner-command';
import type { VerdictStyle } from '../text/verdict-style';

/** Number of annotations of each level that the runner shows for a step. The summary has all causes. */
const MAX_PER_LEVEL = 10;
/** Size above which the runner refuses the summary of a step altogether. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
const MAX_MESSAGE_LENGTH = 4000;

type Level = VerdictStyle['level'];

/** Workflow command of each level. */
const COMMANDS: Readonly<Record<Level, RunnerCommand['name']>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

/** Writes for GitHub Actions an annotation for each cause on its source line, and a job summary. */
export const github: ReporterFactory = (screen, context) => ({
  async onEnd(report) {
    const status = unprovenText(report);
    if (status !== null)
      screen.command({
        name: 'error',
        properties: { title: report.status === 'complete' ? 'Not proven' : 'Interrupted' },
        message: status,
      });
    for (const annotation of annotations(report.groups, context)) screen.command(annotation);
    for (const { because, message } of report.notes ?? [])
      screen.command({ name: 'warning', properties: { title: NOTES[because] }, message: shown(message) });
    const path = context.env['GITHUB_STEP_SUMMARY'];
    if (!path) return;
    // The file already holds what earlier commands of the same step wrote, and the limit is for all of it.
    const taken = await stat(path).then(
      ({ size }) => size,
      () => 0,
    );
    const limit = MAX_SUMMARY_BYTES - taken;
    const size = { limit, sizeOf: (text: string) => Buffer.byteLength(text) };
    await appendFile(path, markdownReport(report, size, repositoryLinks(context)));
  },
});

function annotations(groups: readonly FailureGroup[], context: ReporterContext): RunnerCommand[] {
  const counts = new Map<Level, number>();
  return groups.flatMap((group) => {
    const level = levelOf(group, context);
    const count = (counts.get(level) ?? 0) + 1;
    counts.set(level, count);
    if (count > MAX_PER_LEVEL) return [];
    return [
      guarded<RunnerCommand>(
        () => annotation(level, group, context),
        (message) => ({ name: COMMANDS[level], properties: { title: group.verdict }, message }),
      ),
    ];
  });
}

function annotation(level: Level, group: FailureGroup, context: ReporterContext): RunnerCommand {
  const { location, headline, verdict } = group;
  const file = location && repositoryPath(location.file, context);
  const place: RunnerCommand['properties'] = file ? { file, line: location.line, col: location.column } : {};
  // Without a source line the log shows only the text, not the title.
  const text = file ? groupText(group) : `${headline}\n${groupText(group)}`;
  return {
    name: COMMANDS[level],
    properties: { ...place, title: `${verdict}: ${cut(printable(headline), 200)}` },
    message: shown(text),
  };
}

const shown = (text: string): string => cut(printable(text), MAX_MESSAGE_LENGTH);
