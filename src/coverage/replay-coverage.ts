import { readFile } from 'node:fs/promises';
import type { PatchDecisions } from '../model/patches';
import type { Counters } from '../sdk/coverage-counters';
import { addCounters, readCoverageData } from './coverage-data';
import type { InstrumentedFile } from './instrument';
import { patchedCallsIn } from '../source/patch-calls';
import { sourceMapped } from './source-mapped';
import { type WorkflowCoverage, patchCoverage, summarize } from './workflow-coverage';
import { writeLcov } from './write-lcov';

/** Adds up the counters of all replayed histories, and reports them at the end. */
export class ReplayCoverage {
  private readonly decisions = new Map<string, PatchDecisions>();

  private constructor(private readonly files: readonly InstrumentedFile[]) {}

  /** Creates the coverage of instrumented bundles. All their files count, even if no history loads them. */
  static async of(bundlePaths: readonly string[]): Promise<ReplayCoverage> {
    return new ReplayCoverage(await readCoverageData(bundlePaths));
  }

  add({ files, patches }: Counters): void {
    addCounters(this.files, files);
    for (const [id, made] of Object.entries(patches)) {
      const sum = this.decisions.get(id) ?? { true: 0, false: 0 };
      this.decisions.set(id, sum);
      sum.true += made.true;
      sum.false += made.false;
    }
  }

  /** Writes `lcov.info` and returns its summary, with positions in the source. @throws OUTPUT_FAILED */
  async report(directory: string, root: string): Promise<WorkflowCoverage> {
    const map = await sourceMapped(this.files);
    const calls = await Promise.all(map.files().sort().map(callsIn));
    return {
      lcov: await writeLcov(map, directory, root),
      files: summarize(map),
      patches: patchCoverage(calls.flat(), this.decisions),
    };
  }
}

async function callsIn(file: string) {
  const text = await readFile(file, 'utf8').catch(() => '');
  return patchedCallsIn(text, file);
}
