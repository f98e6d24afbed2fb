import { type InstrumentedFile, type SourceMap, instrument } from './instrument';

export interface LoaderOptions {
  onFile(data: InstrumentedFile): void;
}

interface LoaderContext {
  resourcePath: string;
  getOptions(): LoaderOptions;
  callback(err: null, code: string, map?: SourceMap): void;
}

/** A webpack loader that instruments the user's own files; see `coverage-rule.ts`. */
export default function coverageLoader(this: LoaderContext, source: string, map?: SourceMap): void {
  const instrumented = instrumentedOrNull(source, this.resourcePath, map ?? null);
  if (!instrumented) return this.callback(null, source, map);
  this.getOptions().onFile(instrumented.data);
  this.callback(null, instrumented.code, instrumented.map);
}

/** Returns null for code that our parser rejects. If the compiler accepts it, the bundle builds and the report lacks the file. */
function instrumentedOrNull(...args: Parameters<typeof instrument>): ReturnType<typeof instrument> | null {
  try {
    return instrument(...args);
  } catch {
    return null;
  }
}
