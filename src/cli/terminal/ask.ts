import { createInterface } from 'node:readline/promises';
import { interrupt } from './signals';

/** Returns true if a question can be asked on a terminal. */
export const canAsk = (): boolean =>
  [process.stdin, process.stdout, process.stderr].every(({ isTTY }) => isTTY);

/** Asks a question on the terminal. Returns the answer without blanks around it; null for Ctrl-C and the end of the input. */
export async function ask(question: string): Promise<string | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const left = new Promise<null>((answer) => terminal.once('close', () => answer(null)));
  terminal.once('SIGINT', () => {
    interrupt('SIGINT');
    terminal.close();
  });
  const answer = await Promise.race([terminal.question(question), left]);
  terminal.close();
  return answer === null ? null : answer.trim();
}
