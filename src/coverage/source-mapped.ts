import type { CoverageMap } from 'istanbul-lib-coverage';
import type { InstrumentedFile } from './instrument';

/** Coverage in terms of the source as written; what two builds of one file have counted is added up. */
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

/** A file of types has nothing that could run. */
const hasCode = ({ statementMap, fnMap }: { statementMap: object; fnMap: object }): boolean =>
  Object.keys(statementMap).length > 0 || Object.keys(fnMap).length > 0;
