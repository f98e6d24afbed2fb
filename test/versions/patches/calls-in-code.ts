import type { CodePatchCall } from '../../../lib/versions/patches/code-patches';
import { patchCallsInTexts } from '../../helpers/parsed-modules';

/** Returns the calls of patches in a file, all of which the workflow type `order` comes to. */
export const callsInCode = (path: string, text: string): CodePatchCall[] =>
  patchCallsInTexts({ [path]: text }).map((found) => {
    const { id, call, file, line, column } = found;
    return { id, call, file, line, column, workflowTypes: ['order'], found };
  });
