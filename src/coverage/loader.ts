import { type InstrumentedFile, type SourceMap, instrument } from './instrument';

export interface LoaderOptions {
  onFile(data: InstrumentedFile): void;
}

interface LoaderContext {
  resourcePath: string;
  getOptions(): LoaderOptions;
  callback(err: null, code: string, map?: SourceMap): void;
}

/** A loader for webpack that instruments the user's own files; see `coverage-rule.ts`. */
export default function coverageLoader(this: LoaderContext, source: string, map?: SourceMap): void {
  const instrumented = instrumentedOrNull(source, this.resourcePath, map ?? null);
  if (!instrumented) return this.callback(null, source, map);
  this.getOptions().onFile(instrumented.data);
  this.callback(null, instrumented.code, instrumented.map);
}

/** What our parser refuses the compiler may still take: then the bundle builds, and the file is not in the report. */
function instrumentedOrNull(...args: Parameters<typeof instrument>): ReturnType<typeof instrument> | null {
  try {
    return instrument(...args);
  } catch {
    return null;
  }
}
