import type { CoverageMap } from 'istanbul-lib-coverage';
import type { InstrumentedFile } from './instrument';

/** Returns coverage with positions in the source. Counters of several builds of one file are added up. */
export async function sourceMapped(files: readonly InstrumentedFile[]): Promise<CoverageMap> {
  const { createCoverageMap } = require('istanbul-lib-coverage') as typeof import('istanbul-lib-coverage');
  const { createSourceMapStore } =
    require('istanbul-lib-source-maps') as typeof import('istanbul-lib-source-maps');
  const map = createCoverageMap();
  for (const file of files) {
    const own = createCoverageMap({ [file.path]: file });
    map.merge(file.inputSourceMap ? await createSourceMapStore().transformCoverage(own) : own);
  }
  map.filter((path) => hasCode(map.fileCoverageFor(path)));
  return map;
}

/** Returns false for a file without code that can run, such as one of types. */
const hasCode = ({ statementMap, fnMap }: { statementMap: object; fnMap: object }): boolean =>
  Object.keys(statementMap).length > 0 || Object.keys(fnMap).length > 0;
