import { type Command, endsRun } from '../../../temporal/commands';

/**
 * Returns the commands of an activation in the order in which core sends them (`preprocess_command_sequence`): the first one that
 * ends the run goes last, and others of the kind are left out. Without the flag for it, nothing comes after that one.
 */
export function sentCommands(
  commands: readonly Command[],
  keepsCommandsAfterEnd: boolean,
): readonly Command[] {
  const end = commands.findIndex(endsRun);
  if (end === -1 || end === commands.length - 1) return commands;
  if (!keepsCommandsAfterEnd) return commands.slice(0, end + 1);
  return [...commands.filter((command) => !endsRun(command)), commands[end]!];
}
