/** Runs the built CLI on a pseudo-terminal, and reads what a user sees there. */
import { spawn, spawnSync } from 'node:child_process';
import { ROOT } from './replay-cli';

export interface TerminalRun {
  code: number | null;
  /** Output of the process, with its escape sequences. */
  raw: string;
}

const works = (command: string, args: string[]): boolean => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 && stdout.includes('yes');
};
const PROBE = 'test -t 1 && echo yes';
const PYTHON =
  'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(["sh", "-c", sys.argv[1]])))';

/** Returns a function that runs a shell command on a terminal, by `script` of util-linux or Python's pty, or null without both. */
function launcher(): ((command: string) => [string, string[]]) | null {
  if (works('script', ['-qec', PROBE, '/dev/null']))
    return (command) => ['script', ['-qefc', command, '/dev/null']];
  if (works('python3', ['-c', PYTHON, PROBE])) return (command) => ['python3', ['-c', PYTHON, command]];
  return null;
}

const launch = launcher();
export const hasTerminal = launch !== null;
if (!hasTerminal)
  process.stderr.write('Skipped: tests on a terminal need `script` of util-linux, or python3 with pty.\n');

const quoted = (argument: string): string => `'${argument.replaceAll("'", `'\\''`)}'`;

export function onTerminal(
  args: string[],
  {
    columns,
    cwd = ROOT,
    env,
    answers = [],
  }: {
    columns: number;
    cwd?: string;
    env?: NodeJS.ProcessEnv;
    /** Texts to type, each with the end of the output that it answers. */
    answers?: readonly (readonly [prompt: RegExp, text: string])[];
  },
): Promise<TerminalRun> {
  const main = `${ROOT}/lib/cli/main.js`;
  const cli = [process.execPath, main, ...args].map(quoted).join(' ');
  const [command, given] = launch!(`stty cols ${columns} rows 24; exec ${cli}`);
  // The variables for colours that jest sets, and CI, would take precedence over the terminal.
  const { NO_COLOR: _, FORCE_COLOR: __, CI: ___, ...inherited } = process.env;
  const child = spawn(command, given, {
    cwd,
    env: { ...inherited, TERM: 'xterm', ...env },
    stdio: [answers.length > 0 ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let raw = '';
  const left = [...answers];
  let answeredAt = 0;
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    if (!left[0]?.[0].test(raw.slice(answeredAt))) return;
    answeredAt = raw.length;
    child.stdin!.write(`${left.shift()![1]}\r`);
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, raw })));
}

// eslint-disable-next-line no-control-regex
const SEQUENCE = /^\u001b(?:\[(\??)([\d;]*)([A-Za-z])|([78]))/;

/** The final content of a terminal of `columns` columns, with the lines that have scrolled out at its top. */
export class Terminal {
  private readonly rows: string[][] = [[]];
  private row = 0;
  private column = 0;
  private saved = { row: 0, column: 0 };
  private wraps = true;
  isCursorShown = true;
  /** Rows as they were just before they were erased or drawn over. */
  readonly drawn: string[] = [];

  constructor(private readonly columns: number) {}

  static showing({ raw }: TerminalRun, columns: number): Terminal {
    const terminal = new Terminal(columns);
    terminal.write(raw);
    return terminal;
  }

  get text(): string {
    return this.rows.map((row) => row.join('').trimEnd()).join('\n');
  }

  get isWrapping(): boolean {
    return this.wraps;
  }

  write(text: string): void {
    for (let rest = text; rest !== '';) {
      const sequence = SEQUENCE.exec(rest);
      if (sequence) this.obey(sequence[4] ?? sequence[1]! + sequence[3]!, Number(sequence[2] || 0));
      else this.put(rest[0]!);
      rest = rest.slice(sequence ? sequence[0].length : 1);
    }
  }

  private put(character: string): void {
    if (character === '\r') return this.goTo(0);
    if (character === '\n') return this.nextRow();
    if (this.column >= this.columns) {
      if (this.wraps) {
        this.nextRow();
        this.column = 0;
      } else this.column = this.columns - 1;
    }
    const row = this.rows[this.row]!;
    while (row.length < this.column) row.push(' ');
    row[this.column++] = character;
  }

  private nextRow(): void {
    this.row++;
    if (this.row === this.rows.length) this.rows.push([]);
  }

  private goTo(column: number): void {
    this.drawn.push(this.rows[this.row]!.join(''));
    this.column = column;
  }

  private obey(command: string, n: number): void {
    switch (command) {
      case 'K':
        this.drawn.push(this.rows[this.row]!.join(''));
        this.rows[this.row] = n === 2 ? [] : this.rows[this.row]!.slice(0, this.column);
        return;
      case 'G':
        return this.goTo(Math.max(0, n - 1));
      case '?h':
      case '?l': {
        const isOn = command === '?h';
        if (n === 25) this.isCursorShown = isOn;
        if (n === 7) this.wraps = isOn;
        return;
      }
      case '7':
        this.saved = { row: this.row, column: this.column };
        return;
      case '8':
        this.goTo(this.saved.column);
        this.row = this.saved.row;
        return;
      case 'm':
        return;
      default:
        throw new Error(`unknown escape sequence: ${command}`);
    }
  }
}
