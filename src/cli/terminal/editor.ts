import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';
import { messageOf } from '../../errors';

/** Editors that take a place as `--goto file:line`, and need to be told to wait. */
const GOTO = /^(code|code-insiders|codium|cursor|windsurf)(\.cmd|\.exe)?$/;

/**
 * Opens a file at a line in the user's editor, `$VISUAL` or `$EDITOR`, and waits until it is closed. Returns a sentence about what
 * stood in the way, or null.
 */
export async function openInEditor(file: string, line: number): Promise<string | null> {
  const editor = process.env['VISUAL'] || process.env['EDITOR'];
  if (!editor) return 'No editor is set: give its command in the variable EDITOR.';
  const [command, ...args] = editor.split(/\s+/) as [string, ...string[]];
  const place = GOTO.test(basename(command)) ? ['--wait', '--goto', `${file}:${line}`] : [`+${line}`, file];
  try {
    const [code] = (await once(spawn(command, [...args, ...place], { stdio: 'inherit' }), 'exit')) as [
      number | null,
    ];
    return code === 0 ? null : `${command} ended with the exit code ${code}.`;
  } catch (err) {
    return `${command} cannot be started: ${messageOf(err)}`;
  }
}
