/**
 * `npm run prove:engine [-- --seed N --minutes M --part mutants]` looks for histories that the screen calls compatible and core does
 * not. With `--planted`, it plants one bug after the other in the screen, and looks for each until it is found.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PLANTED_BUGS, type PlantedBug } from './planted-bugs';
import type { Tried } from './proof-process';

const PARTS = ['activations', 'edits', 'mutants', 'histories', 'refusals'] as const;
type Part = (typeof PARTS)[number];
/** Parts that try everything there is once. */
const WHOLE: readonly Part[] = ['activations', 'edits'];
/** Time for each of them. */
const WHOLE_MS = 1_800_000;
/** Time without a message after which a process is ended: a mutant may loop for ever. */
const SILENCE_MS: Readonly<Record<Part, number>> = {
  activations: 180_000,
  edits: 180_000,
  mutants: 30_000,
  histories: 30_000,
  refusals: 30_000,
};
/** Number of tries after which a process is replaced, since the SDK keeps each bundle for a while. */
const TRIES_PER_PROCESS: Readonly<Record<Part, number>> = {
  activations: Infinity,
  edits: 60,
  mutants: 120,
  histories: 2_000,
  refusals: 2_000,
};

type Message = { begun: number; about?: string } | { tried: Tried };

/** The preloaded module that changes the text of the screen. */
const PLANT = join(__dirname, 'plant-bug.js');

class Totals {
  tries = 0;
  histories = 0;
  screened = 0;
  ended = 0;
  readonly unsure: Record<string, number> = {};
  readonly needless: Record<string, number> = {};
  readonly disagreements: string[] = [];

  constructor(readonly isShown: boolean) {}

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
      if (this.isShown) console.log(`DISAGREE #${tried.index} ${tried.what}\n    ${found}`);
    }
  }
}

interface Search {
  part: Part;
  seed: number;
  /** Time at which the search ends. */
  until: number;
  /** A bug to plant in the screen, for which the search ends when it is found. */
  bug: PlantedBug | null;
}

/** Runs one part until its time is over, or until it has tried everything. */
async function prove(search: Search): Promise<Totals> {
  const totals = new Totals(search.bug === null);
  let first = 0;
  while (first < Infinity && Date.now() < search.until && !isFound(search, totals))
    first = await inProcess(search, first, totals);
  return totals;
}

const isFound = ({ bug }: Search, { disagreements }: Totals): boolean =>
  bug !== null && disagreements.length > 0;

function inProcess(search: Search, first: number, totals: Totals): Promise<number> {
  const { part, seed, until, bug } = search;
  return new Promise((resolve) => {
    const child: ChildProcess = fork(
      join(__dirname, 'proof-process.ts'),
      [part, String(seed), String(first)],
      {
        execArgv: [...(bug ? ['-r', PLANT] : []), '-r', 'esbuild-register'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        ...(bug && { env: { ...process.env, PLANTED_BUG: JSON.stringify(bug) } }),
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
      }, SILENCE_MS[part]);
      if ('begun' in message) next = message.begun + 1;
      else {
        totals.add(message.tried);
        if (++tries >= TRIES_PER_PROCESS[part] || isFound(search, totals)) child.kill('SIGKILL');
      }
    });
    child.once('exit', (code) => {
      // A mutant has ended the process by itself.
      if (!child.killed && code !== 0) totals.ended++;
      clearTimeout(timer);
      clearTimeout(end);
      // A process that ends well has tried everything.
      resolve(code === 0 ? Infinity : Math.max(next, first + 1));
    });
  });
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      part: { type: 'string', multiple: true },
      planted: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
    },
  });
  const parts = PARTS.filter((part) => values.part?.includes(part) ?? true);
  const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
  if (parts.length === 0 || !Number.isSafeInteger(seed) || !(minutes > 0)) {
    console.error(`npm run prove:engine -- [--seed <n>] [--minutes <m>] [--part ${PARTS.join('|')}]…`);
    process.exit(2);
  }
  const failures = values.planted
    ? await findPlanted(seed, minutes, values.only)
    : await findDisagreements(parts, seed, minutes);
  process.exit(failures > 0 ? 1 : 0);
}

/** Returns the time at which a part ends that begins now. The parts with random tries share the minutes. */
const endOf = (part: Part, parts: readonly Part[], minutes: number): number =>
  Date.now() +
  (WHOLE.includes(part)
    ? WHOLE_MS
    : (minutes * 60_000) / parts.filter((each) => !WHOLE.includes(each)).length);

async function findDisagreements(parts: readonly Part[], seed: number, minutes: number): Promise<number> {
  let failures = 0;
  for (const part of parts) {
    const totals = await prove({ part, seed, until: endOf(part, parts, minutes), bug: null });
    failures += totals.disagreements.length;
    const { disagreements, isShown: _, ...counts } = totals;
    console.log(part, JSON.stringify({ ...counts, disagreements: disagreements.length }, null, 1));
  }
  return failures;
}

/** Returns the number of planted bugs that are not found. */
async function findPlanted(seed: number, minutes: number, only: string): Promise<number> {
  let missed = 0;
  for (const bug of PLANTED_BUGS.filter(({ name }) => name.includes(only))) {
    const { name, part } = bug;
    const totals = await prove({ part, seed, until: endOf(part, [part], minutes), bug });
    const isMissed = totals.disagreements.length === 0;
    if (isMissed) missed++;
    console.log(`${name}: ${isMissed ? 'MISSED' : 'found'} by ${part}, after ${totals.histories} histories`);
  }
  return missed;
}

void main();
