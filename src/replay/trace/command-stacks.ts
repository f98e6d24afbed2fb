import { promiseHooks } from 'node:v8';
import type { SourceLocation } from '../../model/source';
import { bundleSourceMaps, type SourceMapConsumer } from '../../sdk/bundle-source-maps';
import { observeCommands } from '../../sdk/command-observer';
import { isInterceptorChain } from '../../sdk/sdk-calls';
import { isOwnSource } from '../../source/own-source';
import { parseStackLine } from '../../source/stack-line';
import type { Command } from '../../temporal/commands';

/** A call in a source file of the bundle. The frames of a stack start with the innermost one. */
export interface Frame extends SourceLocation {
  /** True for the user's own code; false for code of packages, the SDK included. */
  isOwn: boolean;
}

/** The places in the source from which a workflow issued a command. */
export interface CommandStack {
  frames: readonly Frame[];
  /** Frames of the return of the workflow function or an update's handler, for a command that answers the caller. */
  returnedAt: readonly Frame[];
  /** Frames of the throw of the error that ended the workflow; continue-as-new is such an error. */
  thrownAt: readonly Frame[];
}

export interface CommandStacks {
  of(command: Command): CommandStack | undefined;
  /** True if commands have places; false without a source map, or if the SDK's internals are not as expected. */
  readonly isAvailable: boolean;
  /** Ends the recording that {@link recordCommandStacks} began. */
  stop(): void;
}

const MAX_FRAMES = 100;

/** Records the stack of every command that the workflow issues from now on, one workflow at a time. */
export function recordCommandStacks(workflow: object): CommandStacks {
  const consumers = bundleSourceMaps();
  const stacks = new WeakMap<Command, CommandStack>();
  let returnedAt: readonly Frame[] = [];
  let thrownAt: readonly Frame[] = [];
  const stopObserving =
    consumers &&
    observeCommands(workflow, {
      onCommand(command, endsRun) {
        const answers = endsRun || command.updateResponse?.completed != null;
        const frames = framesOf(callSites(), consumers);
        stacks.set(command, { frames, returnedAt: answers ? returnedAt : [], thrownAt });
      },
      onWorkflowError(error) {
        thrownAt = framesOfStack((error as Error | undefined)?.stack ?? '', bundledSources());
      },
    });
  if (!consumers || !stopObserving) return { of: () => undefined, isAvailable: false, stop: () => undefined };
  // An async function is still on the stack when its promise settles: its frame is at the `return`.
  const stopHook = promiseHooks.createHook({
    settled: () => {
      const sites = callSites().filter((site) => !isOfNodeOrThisModule(site));
      const frames = framesOf(sites, consumers);
      // A call of V8 is on top if `Promise.resolve` or the like settles a promise.
      const isReturn = sites[0] !== undefined && consumers.has(sites[0].getFileName() ?? '');
      if (isReturn && frames[0]?.isOwn) returnedAt = frames;
    },
  }) as () => void;
  return {
    of: (command) => stacks.get(command),
    isAvailable: [...consumers.values()].some(({ sources }) => sources.length > 0),
    stop: () => {
      stopHook();
      stopObserving();
    },
  };
}

/** Returns the source files of all bundles that are loaded. */
export function bundledSources(): Set<string> {
  const consumers = bundleSourceMaps()?.values() ?? [];
  return new Set([...consumers].flatMap(({ sources }) => sources));
}

const isOfNodeOrThisModule = (site: NodeJS.CallSite): boolean =>
  site.getFileName() === __filename || /^node:/.test(site.getFileName() ?? '');

/** Returns the calls in the bundle at their places in the source; calls outside of the sandbox are left out. */
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
    isOwn: isOwnSource(original.source),
  };
}

function functionNameOf(site: NodeJS.CallSite): string | null {
  const [name, type] = [site.getFunctionName(), site.getTypeName()];
  if (!name) return null;
  const isMethod = type && !['Object', 'Function', 'Module'].includes(type) && !name.includes('.');
  return isMethod ? `${type}.${name}` : name;
}

/**
 * Returns the frames of a stack trace that the SDK has mapped to the source, as in a failure. Lines of other files are left
 * out: code that the SDK evaluates in the sandbox, and the replay process around it.
 */
export function framesOfStack(stack: string, sources: ReadonlySet<string>): Frame[] {
  return stack.split('\n').flatMap((line) => {
    const call = parseStackLine(line);
    if (!call || !sources.has(call.file)) return [];
    // The SDK leaves columns as the source map counts them, from 0.
    return [{ ...call, column: call.column + 1, isOwn: isOwnSource(call.file) }];
  });
}

/**
 * Returns the calls in the user's own code. An interceptor that only passes a call on is left out if it is the innermost:
 * it calls the SDK's chain of interceptors, whereas one that issues a command itself calls the SDK's API.
 */
export function ownCalls(frames: readonly Frame[]): Frame[] {
  const own: Frame[] = [];
  frames.forEach((frame, i) => {
    if (!frame.isOwn) return;
    const callee = frames[i - 1];
    if (own.length === 0 && callee && !callee.isOwn && isInterceptorChain(callee)) return;
    own.push(frame);
  });
  return own;
}

export const locationsOf = (frames: readonly Frame[]): SourceLocation[] =>
  frames.map(({ file, line, column, function: name }) => ({ file, line, column, function: name }));
