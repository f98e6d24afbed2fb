import { IntrinsicsWatch } from '../../sdk/shared-intrinsics';
import type { SdkWorkflowCreator } from '../../sdk/workflow-creator';

/** A change of something that workflows share, by the workflow of the history that was replayed. */
export interface ChangedState {
  /** The property, such as `Array.prototype.map`. */
  property: string;
  /** True if all contexts of the process share it, and not one V8 context alone. */
  isOfProcess: boolean;
}

/** Number of workflows after which it is known whether the modules change anything anew as they are loaded. */
const LEARNING = 3;

let ofProcess: IntrinsicsWatch | null = null;

/**
 * Notices what the workflow of a history changes for those after it, in the contexts of one stream. What modules change as
 * they are loaded counts as given: they do so again for each workflow.
 */
export class SharedState {
  private ofContext: IntrinsicsWatch | null = null;
  private workflows = 0;
  private doModulesChange = false;

  /** Called with each creator of the stream, before it has created a workflow. */
  open(creator: SdkWorkflowCreator): void {
    this.ofContext = IntrinsicsWatch.ofContext(creator);
    this.workflows = 0;
    this.doModulesChange = false;
  }

  /** Called when the workflow of a history has been created, and none of its own code has run. */
  created(): void {
    if (ofProcess === null) {
      ofProcess = IntrinsicsWatch.ofProcess();
      ofProcess.look();
    }
    if (this.ofContext === null) return;
    const isFirst = this.workflows++ === 0;
    if (isFirst) return this.ofContext.look();
    if (this.workflows > LEARNING && !this.doModulesChange) return;
    if (this.ofContext.change() === null) return;
    this.doModulesChange = true;
    this.ofContext.look();
  }

  /** Returns what has changed since the workflow was created; null if nothing has. */
  change(): ChangedState | null {
    const inProcess = ofProcess?.change() ?? null;
    if (inProcess !== null) {
      ofProcess!.look();
      return { property: inProcess, isOfProcess: true };
    }
    const inContext = this.ofContext?.change() ?? null;
    if (inContext === null) return null;
    this.ofContext!.look();
    return { property: inContext, isOfProcess: false };
  }
}
