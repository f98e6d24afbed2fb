import type { ReplayedCode } from '../run/replayed-code';
import { isOwnSource } from '../source/own-source';
import { walkWithAncestors } from '../source/walk';
import { readTextFile } from '../util/read-text-file';
import { TypeReach } from './type-reach';

/** The option of continue-as-new by which a pinned run starts its next run on another version. */
const OPTION = 'initialVersioningBehavior';

/**
 * Returns the workflow types whose code asks for another version when it continues as new. The code is that of the version about to
 * go out: that of the versions which the runs are pinned to is not at hand.
 */
export function upgradingTypes(code: readonly ReplayedCode[]): ReadonlySet<string> {
  return new Set(code.flatMap(typesIn));
}

function typesIn(code: ReplayedCode): string[] {
  const files = code.inputs.filter((file) => isOwnSource(file) && readTextFile(file)?.includes(OPTION));
  if (files.length === 0) return [];
  const reach = new TypeReach(code);
  return reach.own
    .filter(({ path }) => files.includes(path))
    .flatMap(({ path, program }) =>
      [...walkWithAncestors(program)]
        .filter(({ node }) => node.type === 'Identifier' && node.name === OPTION)
        .flatMap(({ node, ancestors }) => reach.typesAt({ file: path, node, ancestors })),
    );
}
