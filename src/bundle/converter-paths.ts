import type { ResolvedProject } from '../options/resolve';
import { checkConverter } from '../sdk/check-converter';
import { loadDataConverter } from '../sdk/load-data-converter';

type Converters = Pick<ResolvedProject, 'dataConverter' | 'payloadConverter' | 'failureConverter'>;

/**
 * Loads a project's converters, so that their faults are found before anything is bundled. Returns the project with those that go
 * into its bundle: those that it names, else those that its data converter names, as in `WorkerOptions.dataConverter`.
 *
 * @throws CONVERTER_INVALID
 */
export async function withConverterPaths<P extends Converters>(project: P): Promise<P> {
  const { payloadConverterPath = null, failureConverterPath = null } =
    project.dataConverter === null ? {} : await loadDataConverter(project.dataConverter);
  const payloadConverter = project.payloadConverter ?? payloadConverterPath;
  const failureConverter = project.failureConverter ?? failureConverterPath;
  if (payloadConverter !== null) await checkConverter(payloadConverter, 'payloadConverter');
  if (failureConverter !== null) await checkConverter(failureConverter, 'failureConverter');
  return { ...project, payloadConverter, failureConverter };
}
