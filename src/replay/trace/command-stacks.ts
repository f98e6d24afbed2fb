import { promiseHooks } from 'node:v8';
import type { SourceLocation } from '../../model/source';
import { bundleSourceMaps, type SourceMapConsumer } from '../../sdk/bundle-source-maps';
import type { Command } from '../../temporal/commands';

/**
 * Where in the source a workflow issued its commands.
 *
 * Surprising internals, checked on SDK 1.14.1 and 1.24.0: every command goes through `Activator.pushCommand`
 * (`@temporalio/workflow/lib/internals.js`), and the worker has the bundles' source maps. Where they are not found there are
 * no places, and everything else works. `test/replay/trace/command-stacks.test.ts` fails when an upgrade changes them.
 */

/** A call in the workflow's own source, innermost first in a stack. `line` and `column` count from 1. */
export interface Frame {
  file: string;
  line: number;
  column: number;
  function: string | null;
  /** True for code of packages (below `node_modules`), the SDK's included. */
  isPackage: boolean;
}

export interface CommandStack {
  frames: readonly Frame[];
  /** Where the workflow function or an update's handler returned, for the command that answers. */
  returnedAt: readonly Frame[];
  /** Where the error was thrown with which the workflow ended; continue-as-new is one. */
  thrownAt: readonly Frame[];
}

export interface CommandStacks {
  of(command: Command): CommandStack | undefined;
  /** False where the bundle has no source map, or the SDK's internals are not as expected. */
  readonly isAvailable: boolean;
  /** Ends what was begun with {@link traceCommands}. */
  stop(): void;
}

interface TracedWorkflow {
  activator?: {
    pushCommand?: (command: Command, complete?: boolean) => void;
    handleWorkflowFailure?: (error: unknown) => void;
  };
}

const MAX_FRAMES = 100;

/** Keeps the stack of every command that the workflow issues from now on. One workflow at a time. */
export function traceCommands(workflow: object): CommandStacks {
  const { activator } = workflow as TracedWorkflow;
  const consumers = bundleSourceMaps();
  const stacks = new WeakMap<Command, CommandStack>();
  if (typeof activator?.pushCommand !== 'function' || !consumers)
    return { of: () => undefined, isAvailable: false, stop: () => undefined };

  let returnedAt: readonly Frame[] = [];
  // An async function is still on the stack when its promise settles: that is the place of its `return`.
  const stopHook = promiseHooks.createHook({
    settled: () => {
      const sites = callSites().filter((site) => !isOfNodeOrHere(site));
      const frames = framesOf(sites, consumers);
      // Not what `Promise.resolve` or the like settles: then a call of V8's own stands on top.
      const isReturn = sites[0] !== undefined && consumers.has(sites[0].getFileName() ?? '');
      if (isReturn && frames.length > 0 && !frames[0]!.isPackage) returnedAt = frames;
    },
  }) as () => void;
  const { pushCommand, handleWorkflowFailure } = activator;
  let thrownAt: readonly Frame[] = [];
  activator.pushCommand = function (command, complete) {
    const answers = complete === true || command.updateResponse?.completed != null;
    stacks.set(command, { frames: capture(consumers), returnedAt: answers ? returnedAt : [], thrownAt });
    pushCommand.call(this, command, complete);
  };
  if (typeof handleWorkflowFailure === 'function')
    activator.handleWorkflowFailure = precededBy(handleWorkflowFailure, (error) => {
      thrownAt = framesOfStack((error as Error | undefined)?.stack ?? '', bundledSources());
    });
  return {
    of: (command) => stacks.get(command),
    isAvailable: [...consumers.values()].some(({ sources }) => sources.length > 0),
    stop: () => {
      stopHook();
      Object.assign(activator, { pushCommand, handleWorkflowFailure });
    },
  };
}

type OnError = (this: unknown, error: unknown) => void;

/**
 * `first`, then `original`, as a function of the sandbox's own realm: it handles a rejection there, and with one of ours
 * V8 would run it from the outer queue, after the activation has ended.
 */
function precededBy(original: OnError, first: (error: unknown) => void): OnError {
  const SandboxFunction = original.constructor as FunctionConstructor;
  const combine = new SandboxFunction(
    'first',
    'original',
    'return function (error) { first(error); original.call(this, error); };',
  ) as (first: (error: unknown) => void, original: OnError) => OnError;
  return combine(first, original);
}

/** The source files of all bundles that are loaded. */
export function bundledSources(): Set<string> {
  const consumers = bundleSourceMaps()?.values() ?? [];
  return new Set([...consumers].flatMap(({ sources }) => sources));
}

const isOfNodeOrHere = (site: NodeJS.CallSite): boolean =>
  site.getFileName() === __filename || /^node:/.test(site.getFileName() ?? '');

/** The frames of the bundle, source-mapped; everything outside of the sandbox is left out. */
const capture = (consumers: Map<string, SourceMapConsumer>): Frame[] => framesOf(callSites(), consumers);

const framesOf = (sites: readonly NodeJS.CallSite[], consumers: Map<string, SourceMapConsumer>): Frame[] =>
  sites.flatMap((site) => frameOf(site, consumers) ?? []);

function callSites(): NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: NodeJS.CallSite[] } = {};
  Error.stackTraceLimit = MAX_FRAMES;
  Error.prepareStackTrace = (_, sites) => sites;
  Error.captureStackTrace(holder, callSites);
  const sites = holder.stack ?? [];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return sites;
}

function frameOf(site: NodeJS.CallSite, consumers: Map<string, SourceMapConsumer>): Frame | null {
  const consumer = consumers.get(site.getFileName() ?? '');
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (!consumer || !line || !column) return null;
  // Columns count from 0 in source maps, from 1 in call sites.
  const original = consumer.originalPositionFor({ line, column: column - 1 });
  if (original.source === null || original.line === null) return null;
  return {
    file: original.source,
    line: original.line,
    column: (original.column ?? 0) + 1,
    function: functionNameOf(site),
    isPackage: isPackageFile(original.source),
  };
}

function functionNameOf(site: NodeJS.CallSite): string | null {
  const [name, type] = [site.getFunctionName(), site.getTypeName()];
  if (!name) return null;
  const isMethod = type && !['Object', 'Function', 'Module'].includes(type) && !name.includes('.');
  return isMethod ? `${type}.${name}` : name;
}

const STACK_LINE = /^\s*at (?:async )?(?:(.*?) \()?(.+?):(\d+):(\d+)\)?$/;

/**
 * The frames of a stack trace that the SDK has source-mapped already, as in a failure. What is of no source is left out:
 * what the SDK evaluates in the sandbox, and the replay process round it.
 */
export function framesOfStack(stack: string, sources: ReadonlySet<string>): Frame[] {
  return stack.split('\n').flatMap((text) => {
    const match = STACK_LINE.exec(text);
    if (!match) return [];
    const [, name, file, line, column] = match;
    if (!sources.has(file!)) return [];
    return [
      {
        file: file!,
        line: Number(line),
        // The SDK leaves columns as the source map counts them, from 0.
        column: Number(column) + 1,
        function: name ?? null,
        isPackage: isPackageFile(file!),
      },
    ];
  });
}

export const isPackageFile = (file: string): boolean =>
  /(^|[\\/])node_modules[\\/]/.test(file) || /^(webpack\/|node:)/.test(file);

/** Modules of the SDK through which an interceptor's `next` leads on. */
const PASSING_ON = /[\\/](interceptors|interceptor-composition|internals|current-random)\.[jt]s$/;
const isPassingOn = ({ file, isPackage, function: name }: Frame): boolean =>
  isPackage && (PASSING_ON.test(file) || /NextHandler$/.test(name ?? ''));

/**
 * The calls in the user's own code, innermost first. An interceptor that only passes a call on is no place to look at:
 * what it calls is the SDK's chain of interceptors; one that issues a command of its own calls the SDK's API.
 */
export function ownCalls(frames: readonly Frame[]): Frame[] {
  const own: Frame[] = [];
  frames.forEach((frame, i) => {
    if (frame.isPackage) return;
    const callee = frames[i - 1];
    if (own.length === 0 && callee && isPassingOn(callee)) return;
    own.push(frame);
  });
  return own;
}

export const locationsOf = (frames: readonly Frame[]): SourceLocation[] =>
  frames.map(({ file, line, column, function: name }) => ({ file, line, column, function: name }));
