import type { Node } from '../source/parse';
import { namesIn } from '../source/patterns';
import { type ImportedName, type ModuleUnits, type Unit, textOf, unitNamed } from './module-units';

/** A module as it is and as it was before a change. */
export interface ChangedModule {
  now: ModuleUnits;
  before: ModuleUnits;
}

/** The changed declarations of a module. */
export interface ChangedUnits {
  /** Functions that were and are functions. */
  functions: { now: Unit; before: Unit }[];
  /** Names of values that have another definition now, each with the declaration before. */
  values: Map<string, Unit>;
  /** Imports that lead elsewhere now, as they were. */
  imports: Map<string, ImportedName>;
}

/** Returns the declarations whose definitions differ. */
export function changedUnits({ now, before }: ChangedModule): ChangedUnits {
  const found: ChangedUnits = { functions: [], values: new Map(), imports: new Map() };
  for (const unit of now.units)
    for (const name of unit.names) {
      const old = unitNamed(before, name);
      if (!old || unit.kind === 'type' || old.kind === 'type') continue;
      if (definitionOf(unit, name, now) === definitionOf(old, name, before)) continue;
      if (unit.kind === 'function' && old.kind === 'function')
        found.functions.push({ now: unit, before: old });
      else found.values.set(name, old);
    }
  for (const one of now.imports) {
    const old = before.imports.find(({ local }) => local === one.local);
    if (old && (old.specifier !== one.specifier || old.imported !== one.imported))
      found.imports.set(one.local, old);
  }
  return found;
}

/** Returns the text that decides what a name stands for: a property of a pattern goes with the value that is taken apart. */
function definitionOf({ declaration }: Unit, name: string, module: ModuleUnits): string {
  if (declaration.type !== 'VariableDeclaration') return textOf(module, declaration);
  const declarator = declaration.declarations.find(({ id }) => namesIn(id).includes(name))!;
  const { id, init } = declarator;
  const value = init ? textOf(module, init) : '';
  if (id.type !== 'ObjectPattern') return `${textOf(module, id)}=${value}`;
  const property = id.properties.find((one) => namesIn(propertyPattern(one)).includes(name))!;
  return `${textOf(module, property)}=${value}`;
}

export const propertyPattern = (property: Node): Node =>
  property.type === 'Property' ? property.value : property;
