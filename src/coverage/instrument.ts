import type { FileCoverageData } from 'istanbul-lib-coverage';
import { createInstrumenter } from 'istanbul-lib-instrument';
import { COVERAGE_VARIABLE } from '../sdk/coverage-counters';

/** A version 3 source map. */
export type SourceMap = object;

export interface Instrumented {
  code: string;
  map: SourceMap;
  /** Description of the counters, all of them 0. `inputSourceMap` is set if the code was compiled from other code. */
  data: InstrumentedFile;
}

export type InstrumentedFile = FileCoverageData & { hash: string; inputSourceMap?: SourceMap };

/**
 * Adds istanbul's counters to a source file. TypeScript is instrumented before it is compiled: code that a compiler adds for older
 * targets (`?.` as a conditional) would count as branches that are not in the source.
 *
 * @param inputMap source map of the code, if it was compiled from other code
 * @throws SyntaxError
 */
export function instrument(code: string, file: string, inputMap: SourceMap | null): Instrumented {
  try {
    return instrumentAs('module', code, file, inputMap);
  } catch (err) {
    // A CommonJS module may use names that ES modules reserve, such as `await`.
    if (/\.[cm]?tsx?$/.test(file)) throw err;
    return instrumentAs('script', code, file, inputMap);
  }
}

function instrumentAs(
  sourceType: 'module' | 'script',
  code: string,
  file: string,
  inputMap: SourceMap | null,
): Instrumented {
  const instrumenter = createInstrumenter({
    coverageVariable: COVERAGE_VARIABLE,
    coverageGlobalScope: 'globalThis',
    coverageGlobalScopeFunc: false,
    esModules: sourceType === 'module',
    compact: false,
    preserveComments: true,
    produceSourceMap: true,
    parserPlugins: parserPlugins(file),
  });
  const instrumented = instrumenter.instrumentSync(code, file, (inputMap ?? undefined) as never);
  return {
    code: instrumented,
    // Istanbul names the file without its directory.
    map: { ...instrumenter.lastSourceMap(), ...(!inputMap && { sources: [file] }) },
    data: { ...structuredClone(instrumenter.lastFileCoverage()), hash: hashIn(instrumented) },
  };
}

/** Reads the hash from the head of the instrumented code: istanbul exposes it nowhere else. */
function hashIn(instrumented: string): string {
  const hash = /\bhash = "([0-9a-f]+)"/.exec(instrumented)?.[1];
  if (hash === undefined) throw new Error('istanbul-lib-instrument writes no hash into what it instruments');
  return hash;
}

function parserPlugins(file: string): never[] {
  const isTypeScript = /\.[cm]?tsx?$/.test(file);
  const hasMarkup = /x$/.test(file) || !isTypeScript;
  return [
    'decorators-legacy',
    'explicitResourceManagement',
    'importAttributes',
    ...(isTypeScript ? ['typescript'] : []),
    ...(hasMarkup ? ['jsx'] : []),
  ] as never[];
}
