/** `npm run prove:engine [-- --seed N --minutes M --part mutants]`: looks for histories that the screen calls compatible and core does not. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Tried } from './proof-process';

const PARTS = ['mutants', 'histories'] as const;
/** Time without a message after which a process is ended: a mutant may loop for ever. */
const SILENCE_MS = 15_000;
/** Number of tries after which a process is replaced, since the SDK keeps each bundle for a while. */
const TRIES_PER_PROCESS = { mutants: 120, histories: 2_000 };

type Message = { begun: number; about?: string } | { tried: Tried };

class Totals {
  tries = 0;
  histories = 0;
  screened = 0;
  ended = 0;
  readonly unsure: Record<string, number> = {};
  readonly needless: Record<string, number> = {};
  readonly disagreements: string[] = [];

  add(tried: Tried): void {
    this.tries++;
    this.histories += tried.histories;
    this.screened += tried.screened;
    for (const [reason, count] of Object.entries(tried.unsure))
      this.unsure[reason] = (this.unsure[reason] ?? 0) + count;
    for (const [reason, count] of Object.entries(tried.needless))
      this.needless[reason] = (this.needless[reason] ?? 0) + count;
    for (const found of tried.disagreements) {
      this.disagreements.push(`#${tried.index} ${tried.what}\n    ${found}`);
      console.log(`DISAGREE #${tried.index} ${tried.what}\n    ${found}`);
    }
  }
}

/** Runs one part until its time is over. */
async function prove(part: (typeof PARTS)[number], seed: number, until: number): Promise<Totals> {
  const totals = new Totals();
  let first = 0;
  while (Date.now() < until) first = await inProcess(part, seed, first, until, totals);
  return totals;
}

function inProcess(
  part: (typeof PARTS)[number],
  seed: number,
  first: number,
  until: number,
  totals: Totals,
): Promise<number> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(
      join(__dirname, 'proof-process.ts'),
      [part, String(seed), String(first)],
      {
        execArgv: ['-r', 'esbuild-register'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    let next = first;
    let tries = 0;
    let timer = setTimeout(() => child.kill('SIGKILL'), 90_000);
    const end = setTimeout(() => child.kill('SIGKILL'), Math.max(0, until - Date.now()));
    child.on('message', (message: Message) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        totals.ended++;
        child.kill('SIGKILL');
      }, SILENCE_MS);
      if ('begun' in message) next = message.begun + 1;
      else {
        totals.add(message.tried);
        if (++tries >= TRIES_PER_PROCESS[part]) child.kill('SIGKILL');
      }
    });
    child.once('exit', () => {
      // A mutant has ended the process by itself.
      if (!child.killed) totals.ended++;
      clearTimeout(timer);
      clearTimeout(end);
      resolve(Math.max(next, first + 1));
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      part: { type: 'string', multiple: true },
    },
  });
  const parts = PARTS.filter((part) => values.part?.includes(part) ?? true);
  const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
  if (parts.length === 0 || !Number.isSafeInteger(seed) || !(minutes > 0)) {
    console.error(`npm run prove:engine -- [--seed <n>] [--minutes <m>] [--part ${PARTS.join('|')}]…`);
    process.exit(2);
  }
  let failures = 0;
  for (const part of parts) {
    const totals = await prove(part, seed, Date.now() + (minutes * 60_000) / parts.length);
    failures += totals.disagreements.length;
    const { disagreements, ...counts } = totals;
    console.log(part, JSON.stringify({ ...counts, disagreements: disagreements.length }, null, 1));
  }
  process.exit(failures > 0 ? 1 : 0);
}

void main();
