/** The edits that people make (test/diagnosis/score, test/edits), each as a service of its own. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeService } from '../diagnosis/score/service-files';
import { EDITS as SCORED_EDITS } from '../diagnosis/score/edits';
import { EDITS as ORDER_EDITS } from '../edits/edits';
import { ROOT } from '../helpers/root';
import { writeEdited } from '../helpers/write-edited';
import { PROVEN_SERVICES, type ProvenService } from './services';

const SCRATCH = join(ROOT, 'test/scratch');
const ORDER = join(ROOT, 'examples/order-service/src');

export interface EditedService {
  name: string;
  /** Writes the code to a directory, and returns the service with it. */
  write(): ProvenService & { remove(): void };
}

const written = (
  { config, ...service }: ProvenService,
  write: (directory: string) => void,
  workflows: string,
): ReturnType<EditedService['write']> => {
  mkdirSync(SCRATCH, { recursive: true });
  const directory = mkdtempSync(join(SCRATCH, 'edited-'));
  write(directory);
  const interceptors = config.workflowInterceptors && [join(directory, 'interceptors.ts')];
  return {
    ...service,
    config: {
      workflowsPath: join(directory, workflows),
      ...(interceptors && { workflowInterceptors: interceptors }),
    },
    code: directory,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
};

const serviceNamed = (name: string): ProvenService => PROVEN_SERVICES.find((each) => each.name === name)!;

export const EDITED_SERVICES: readonly EditedService[] = [
  ...Object.entries(SCORED_EDITS).flatMap(([service, edits]) =>
    edits.map(({ name, changes, newFiles }) => ({
      name: `${service}: ${name}`,
      write: () =>
        written(
          serviceNamed(service),
          (directory) => writeService(service, directory, changes, newFiles),
          'workflows.ts',
        ),
    })),
  ),
  // An endless loop would end no replay in this process.
  ...ORDER_EDITS.filter(({ kind }) => kind !== 'looping').map(({ name, file, changes }) => ({
    name: `order: ${name}`,
    write: () =>
      written(
        serviceNamed('order'),
        (directory) => {
          cpSync(ORDER, directory, { recursive: true });
          writeEdited(join(ORDER, 'workflows', file), join(directory, 'workflows', file), changes);
        },
        'workflows/index.ts',
      ),
  })),
];
