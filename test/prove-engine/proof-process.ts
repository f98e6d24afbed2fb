/** Entry point of a process that makes a part of the proof: `node proof-process.ts <part> <seed> <first>`. The parent ends it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { decodeHistories } from '../../src/history/decode';
import { checkEvent } from '../../src/history/validate/check-event';
import { checkIds } from '../../src/history/validate/check-ids';
import { checkStart } from '../../src/history/validate/check-start';
import { checkUpdates } from '../../src/history/validate/check-updates';
import { checkWorkflowTasks } from '../../src/history/validate/check-workflow-tasks';
import { hasReplayableTask, validateHistory } from '../../src/history/validate/validate';
import type { ReplayableProject } from '../../src/replay/engine/loaded-project';
import { random } from '../helpers/random';
import { ROOT } from '../helpers/root';
import { ActivationsComparison } from './activations';
import { changeOf } from './change-histories';
import { BothEngines, disagree } from './compare-engines';
import { EDITED_SERVICES, type EditedService } from './edited-services';
import { MutableBundle } from './mutate-code';
import {
  PROVEN_SERVICES,
  type ProvenService,
  type ReadHistory,
  historiesOf,
  loadedProjectOf,
} from './services';

/** Histories of a service that one mutant is replayed against. */
const HISTORIES_PER_MUTANT = 12;

export interface Tried {
  index: number;
  /** Description of what is tried. */
  what: string;
  /** Number of histories that were replayed. */
  histories: number;
  screened: number;
  /** Histories that the screen left to core, which found them compatible, by its reason. */
  needless: Record<string, number>;
  unsure: Record<string, number>;
  disagreements: string[];
}

interface Subject {
  service: ProvenService;
  project: ReplayableProject;
  histories: ReadHistory[];
  bundle: MutableBundle | null;
}

/** The services that do most of what services can do. */
const RICHEST = PROVEN_SERVICES.filter(({ name }) => name === 'order' || name === 'every-command');

const [, , part, seedText, firstText] = process.argv;
const seed = Number(seedText);

Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'off', forward: {} } },
});

async function main(): Promise<void> {
  if (part === 'edits') {
    for (const [index, edited] of EDITED_SERVICES.entries()) {
      if (index < Number(firstText)) continue;
      process.send!({ begun: index });
      process.send!({ tried: await tryEdit(edited, index) });
    }
    return end(EDITED_SERVICES.length);
  }
  if (part === 'activations') {
    for (const [index, service] of PROVEN_SERVICES.entries()) {
      if (index < Number(firstText)) continue;
      process.send!({ begun: index });
      process.send!({ tried: await tryActivations(await subjectOf(service), index) });
    }
    return end(PROVEN_SERVICES.length);
  }
  const directory = mkdtempSync(join(tmpdir(), 'prove-engine-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  for (let index = Number(firstText); ; index++) {
    const next = random(seed * 1_000_003 + index);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
    const subject = await subjectOf(next() < 0.5 ? pick(RICHEST) : pick(PROVEN_SERVICES));
    if (subject.bundle?.siteCount === 0) continue;
    process.send!({ begun: index });
    const tried =
      part === 'mutants'
        ? await tryMutant(subject, next, index, directory)
        : part === 'refusals'
          ? await tryRefusals(subject, next, index)
          : await tryHistories(subject, next, index);
    process.send!({ tried });
  }
}

/** Ends the process once the parent has all messages. */
const end = (begun: number): void => void process.send!({ begun }, () => process.exit());

const subjects = new Map<ProvenService, Subject>();

async function subjectOf(service: ProvenService): Promise<Subject> {
  const known = subjects.get(service);
  if (known) return known;
  const project = await loadedProjectOf(service);
  if ('failure' in project) throw new Error(`${service.name} does not build`);
  const code = part === 'mutants' ? readFileSync(project.bundlePath, 'utf8') : '';
  const own = `./${relative(ROOT, service.code)}/`;
  const bundle =
    part === 'mutants'
      ? new MutableBundle(code, (id) => id.startsWith(own) && !/node_modules/.test(id))
      : null;
  const subject = { service, project, histories: historiesOf(service), bundle };
  subjects.set(service, subject);
  return subject;
}

const emptyOf = (index: number, what: string): Tried => ({
  ...{ index, what, histories: 0, screened: 0 },
  ...{ needless: {}, unsure: {}, disagreements: [] },
});

/** Replays all histories of a service that was edited with both engines. */
async function tryEdit({ name, write }: EditedService, index: number): Promise<Tried> {
  const tried = emptyOf(index, name);
  const service = write();
  const project = await loadedProjectOf(service);
  service.remove();
  // Code that does not build is replayed by neither.
  if ('failure' in project) return tried;
  const engines = new BothEngines(project);
  for (const history of historiesOf(service)) await compare(engines, history, tried, true);
  await engines.close();
  return tried;
}

/** Compares all activations of the recorded histories of a service, field by field. */
async function tryActivations({ service, project, histories }: Subject, index: number): Promise<Tried> {
  const tried = emptyOf(index, service.name);
  const comparison = new ActivationsComparison(project);
  for (const history of histories) await compareActivations(comparison, history, { tried, isChanged: false });
  await comparison.close();
  return tried;
}

async function compareActivations(
  comparison: ActivationsComparison,
  history: ReadHistory,
  { tried, isChanged }: { tried: Tried; isChanged: boolean },
): Promise<void> {
  const { difference, unsure } = await comparison.compare(history, isChanged);
  tried.histories++;
  const reason = unsure?.split(':')[0];
  if (reason !== undefined) tried.unsure[reason] = (tried.unsure[reason] ?? 0) + 1;
  else tried.screened++;
  if (difference) tried.disagreements.push(`${history.file}: ${JSON.stringify(difference).slice(0, 2_000)}`);
}

async function tryMutant(
  { service, project, histories, bundle }: Subject,
  next: () => number,
  index: number,
  directory: string,
): Promise<Tried> {
  const { code, description } = bundle!.mutant(next);
  const bundlePath = join(directory, `${index}.js`);
  writeFileSync(bundlePath, code);
  const engines = new BothEngines({ ...project, bundlePath });
  const from = Math.floor(next() * histories.length);
  const some =
    histories.length <= HISTORIES_PER_MUTANT
      ? histories
      : [...histories, ...histories].slice(from, from + HISTORIES_PER_MUTANT);
  const tried = emptyOf(index, `${service.name} ${description}`);
  for (const history of some) await compare(engines, history, tried, next() < 0.05);
  await engines.close();
  rmSync(bundlePath);
  return tried;
}

/** The engines of each service, which stay open. */
const open = new Map<Subject, BothEngines>();
const comparisons = new Map<Subject, ActivationsComparison>();
const HISTORIES_AT_ONCE = 20;

/** Returns true unless a rule other than that for references refuses a history: then core may end the process, or wait for ever. */
const isFitButForReferences = ({ events }: ReadHistory['history']): boolean =>
  events != null &&
  (checkIds(events) ??
    checkStart(events[0]!) ??
    events.map(checkEvent).find((problem) => problem !== null) ??
    checkUpdates(events) ??
    checkWorkflowTasks(events)) === null;

interface ChangedHistory extends ReadHistory {
  /** False if our own validation refuses the history, so that no engine gets it in a run. */
  isValid: boolean;
}

async function tryHistories(subject: Subject, next: () => number, index: number): Promise<Tried> {
  const engines = open.get(subject) ?? new BothEngines(subject.project);
  open.set(subject, engines);
  const tried = emptyOf(index, subject.service.name);
  for (const changed of changedHistories(subject, next)) {
    process.send!({ begun: index, about: changed.file });
    // Core is asked about an invalid history only if the screen has not seen that it does not fit.
    if (changed.isValid) await compare(engines, changed, tried, next() < 0.05);
    else if (next() < 0.5) await compare(engines, changed, tried, false);
  }
  return tried;
}

/** Compares the activations of changed histories, and the refusals of core with those of the screen's state machines. */
async function tryRefusals(subject: Subject, next: () => number, index: number): Promise<Tried> {
  const comparison = comparisons.get(subject) ?? new ActivationsComparison(subject.project);
  comparisons.set(subject, comparison);
  const tried = emptyOf(index, subject.service.name);
  for (const changed of changedHistories(subject, next)) {
    if (!changed.isValid) continue;
    process.send!({ begun: index, about: changed.file });
    await compareActivations(comparison, changed, { tried, isChanged: true });
  }
  return tried;
}

function* changedHistories(subject: Subject, next: () => number): Generator<ChangedHistory> {
  for (let i = 0; i < HISTORIES_AT_ONCE; i++) {
    const { file } = subject.histories[Math.floor(next() * subject.histories.length)]!;
    if (file.endsWith('.jsonl')) continue;
    const changed = changedHistoryOf(file, next);
    if (changed) yield changed;
  }
}

function changedHistoryOf(file: string, next: () => number): ChangedHistory | null {
  const recorded = JSON.parse(textOf(file)) as { events?: never[] };
  if (!Array.isArray(recorded.events)) return null;
  try {
    const changed = changeOf(recorded as { events: never[] }, next);
    const bytes = Buffer.from(JSON.stringify(changed.history));
    const history = [...decodeHistories({ file, bytes })][0]?.history;
    if (!history || !hasReplayableTask(history)) return null;
    const isValid = validateHistory(history) === null;
    if (!isValid && !isFitButForReferences(history)) return null;
    return { file: `${file}: ${changed.description}`, history, isValid };
  } catch {
    // A change may not fit what an earlier one has left.
    return null;
  }
}

const texts = new Map<string, string>();

function textOf(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  texts.set(file, text);
  return text;
}

/** Replays with both engines; with core only what the screen finds compatible, and a part of the rest. */
async function compare(
  engines: BothEngines,
  history: ReadHistory,
  tried: Tried,
  always: boolean,
): Promise<void> {
  tried.histories++;
  const compared = await engines.replay(history, always);
  if ('unsure' in compared.screen) {
    const { unsure } = compared.screen;
    tried.unsure[unsure] = (tried.unsure[unsure] ?? 0) + 1;
    if (compared.core && 'verdict' in compared.core && compared.core.verdict === 'compatible')
      tried.needless[unsure] = (tried.needless[unsure] ?? 0) + 1;
  } else tried.screened++;
  if (disagree(compared))
    tried.disagreements.push(`${history.file}: ${JSON.stringify(compared).slice(0, 2_000)}`);
}

void main().catch((err: Error) => {
  console.error(err.stack);
  process.exit(1);
});
