import { withoutTags } from '../../util/ci-commands';

/** A command to the runner of GitHub Actions that annotates a source line. */
export interface RunnerCommand {
  name: 'error' | 'warning' | 'notice';
  properties: Readonly<Record<string, string | number>>;
  message: string;
}

/** Returns a command as the runner expects it (actions/toolkit, packages/core/src/command.ts). */
export function formatCommand({ name, properties, message }: RunnerCommand): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return withoutTags(`::${name} ${listed.join(',')}::${escapeData(message)}`);
}

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
