import type { ReplayedCode } from '../run/replayed-code';
import { CodeReach } from '../source/code-reach';
import { exportsOf } from '../source/exports';
import { importedFile } from '../source/imported-file';
import { type ParsedModule, createModuleReader } from '../source/module-reader';
import { isOwnSource } from '../source/own-source';
import type { Node } from '../source/parse';
import type { ModuleAccess } from '../source/static-expressions';

/** A node of the source, with the nodes around it, the outermost first. */
export interface PlacedNode {
  file: string;
  node: Node;
  ancestors: readonly Node[];
}

/** Tells the workflow types of a worker's code that may come to a place in it. */
export class TypeReach {
  readonly access: ModuleAccess;
  /** The modules of the user's own code. */
  readonly own: readonly ParsedModule[];
  private reached: ReadonlyMap<string, ReadonlySet<Node> | null> | null = null;

  constructor(private readonly code: ReplayedCode) {
    const read = createModuleReader();
    const own = code.inputs.filter(isOwnSource);
    this.access = { read, resolve: (specifier, from) => importedFile(specifier, from, own) };
    this.own = this.modulesOf(own);
  }

  modulesOf(files: readonly string[]): ParsedModule[] {
    return files.flatMap((file) => this.access.read(file) ?? []);
  }

  /** Returns the workflow types that may come to a node, sorted. Code that none comes to by name counts for all types that load it. */
  typesAt({ file, node, ancestors }: PlacedNode): string[] {
    const { workflowTypes, typeInputs } = this.code;
    this.reached ??= this.statementsByType();
    const ofModule = (workflowTypes ?? []).filter((type) => typeInputs.types[file]?.includes(type) ?? true);
    const [, statement] = ancestors;
    const top = statement ?? node;
    const exact = ofModule.filter((type) => this.reached!.get(type)?.has(top) ?? true);
    return [...(exact.length > 0 ? exact : ofModule)].sort();
  }

  /** Returns the statements that each workflow type may run; null for a type that may run any. */
  private statementsByType(): Map<string, ReadonlySet<Node> | null> {
    const reach = new CodeReach(this.access);
    return new Map(
      (this.code.workflowTypes ?? []).map((type) => {
        // The type is exported by the workflows' own module, and by those that it comes from.
        const sets = this.own
          .filter((module) => exportsOf(type, module).some((one) => 'node' in one))
          .map((module) => reach.of(module, type));
        const isKnown = sets.length > 0 && !sets.includes(null);
        return [type, isKnown ? new Set(sets.flatMap((set) => [...set!])) : null];
      }),
    );
  }
}
