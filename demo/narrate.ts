import colors from 'picocolors';

const WIDTH = 100;

export function heading(text: string): void {
  console.log(`\n\n${colors.bold(colors.cyan(text))}`);
}

/** Prints paragraphs, wrapped. */
export function say(...paragraphs: string[]): void {
  console.log(`\n${paragraphs.map((paragraph) => wrap(paragraph).join('\n')).join('\n\n')}`);
}

export function list(lines: readonly string[]): void {
  console.log(`\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** Prints a command line as a user would type it. */
export function command(name: string, args: readonly string[]): void {
  const words = args.map((arg) => (/^[\w./:=@-]+$/.test(arg) ? arg : `"${arg}"`));
  console.log(`\n${colors.dim('$')} ${colors.bold([name, ...words].join(' '))}`);
}

/** Prints the lines that `after` has in addition to `before`, with the lines around them. */
export function diff(before: string, after: string): void {
  const old = before.split('\n');
  const lines = after.split('\n');
  const first = lines.findIndex((line, n) => line !== old[n]);
  const added = lines.length - old.length;
  console.log();
  for (const line of lines.slice(first - 2, first)) console.log(colors.dim(`  ${line}`));
  for (const line of lines.slice(first, first + added)) console.log(colors.green(`+ ${line}`));
  console.log(colors.dim(`  ${lines[first + added]}`));
}

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(/(?<=\S)\s*\n\s*|(?<=\S) /)) {
    const line = lines[lines.length - 1]!;
    if (line !== '' && line.length + word.length >= WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
