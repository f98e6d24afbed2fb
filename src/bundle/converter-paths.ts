import type { ResolvedProject } from '../options/resolve';
import { loadDataConverter } from '../sdk/load-data-converter';

type Converters = Pick<ResolvedProject, 'dataConverter' | 'payloadConverter' | 'failureConverter'>;

/**
 * Returns a project with the converters that go into its bundle: those that it names, else those that its data converter
 * names, as in `WorkerOptions.dataConverter`.
 */
export async function withConverterPaths<P extends Converters>(project: P): Promise<P> {
  const { dataConverter, payloadConverter, failureConverter } = project;
  if (dataConverter === null || (payloadConverter !== null && failureConverter !== null)) return project;
  // The replay reports a module that cannot be loaded.
  const { payloadConverterPath = null, failureConverterPath = null } = await loadDataConverter(
    dataConverter,
  ).catch(() => ({}) as { payloadConverterPath?: string; failureConverterPath?: string });
  return {
    ...project,
    payloadConverter: payloadConverter ?? payloadConverterPath,
    failureConverter: failureConverter ?? failureConverterPath,
  };
}
