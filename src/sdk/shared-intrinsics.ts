import vm from 'node:vm';
import type { SdkWorkflowCreator } from './workflow-creator';

/**
 * Notices what workflow code changes for the workflows after it: prototypes of JavaScript's own classes.
 *
 * The SDK's reused V8 context gives each workflow its own globals and modules, and freezes what they share, but no prototypes
 * (`deepFreeze` of `@temporalio/worker/lib/workflow/reusable-vm.js`). Classes of Node such as `URL` are those of the process, so
 * their prototypes are shared by all contexts. The SDK's own modules are shared, too, with the prototypes of their classes.
 * Relies on `_context`, `workflowBundle.code` and the global `__webpack_module_cache__` of `ReusableVMWorkflowCreator`, checked on 1.14.1 and 1.24.0;
 * without it, only the objects of the process are watched. `test/sdk/shared-intrinsics.test.ts` fails when an upgrade changes it.
 */

/** An object that all code of a context shares, with a name for people. */
interface Shared {
  name: string;
  object: object;
}

/**
 * Lists the objects of a realm: the prototypes of its global classes, and those that no global leads to. The text runs in the
 * realm before code of others does.
 */
const LIST_SHARED = new vm.Script(`(() => {
  const found = [];
  const known = new Set();
  const add = (name, object) => {
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null || known.has(object)) return;
    known.add(object);
    found.push({ name, object });
  };
  for (const key of Reflect.ownKeys(globalThis)) {
    const { value } = Reflect.getOwnPropertyDescriptor(globalThis, key) ?? {};
    if (typeof value === 'function' && typeof key === 'string') add(key + '.prototype', value.prototype);
  }
  const above = Object.getPrototypeOf;
  const classes = { Function: () => {}, AsyncFunction: async () => {}, GeneratorFunction: function* () {}, AsyncGeneratorFunction: async function* () {} };
  for (const [name, one] of Object.entries(classes)) {
    add(name + '.prototype', above(one));
    add(name + '.prototype.prototype', above(one).prototype);
  }
  for (const [name, of] of Object.entries({ Array: [], Map: new Map(), Set: new Set(), String: '' })) {
    add(name + ' iterator', above(of[Symbol.iterator]()));
    add('Iterator.prototype', above(above(of[Symbol.iterator]())));
  }
  add('TypedArray.prototype', above(Int8Array.prototype));
  add('AsyncIterator.prototype', above(above((async function* () {}).prototype)));
  return found;
})()`);

/** The state of an object when it was looked at. */
interface Snapshot extends Shared {
  prototype: object | null;
  keys: readonly PropertyKey[];
  /** The data properties, with their values. */
  data: readonly { key: PropertyKey; value: unknown }[];
  accessors: readonly { key: PropertyKey; descriptor: PropertyDescriptor }[];
}

// Code that is watched may change arrays and iterators too, so that this module only counts through them.
const { ownKeys, getPrototypeOf, getOwnPropertyDescriptor } = Reflect;

function snapshotOf({ name, object }: Shared): Snapshot {
  const keys = ownKeys(object);
  const data: Snapshot['data'][number][] = [];
  const accessors: Snapshot['accessors'][number][] = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const descriptor = getOwnPropertyDescriptor(object, key)!;
    if ('value' in descriptor) data[data.length] = { key, value: descriptor.value as unknown };
    else accessors[accessors.length] = { key, descriptor };
  }
  return { name, object, prototype: getPrototypeOf(object), keys, data, accessors };
}

/** Returns the property in which an object is no longer as it was; null if it is. */
function changeOf({ name, object, prototype, keys, data, accessors }: Snapshot): string | null {
  const now = ownKeys(object);
  for (let i = 0; i < now.length; i++) if (now[i] !== keys[i]) return `${name}.${String(now[i])}`;
  if (now.length !== keys.length) return `${name}.${String(keys[now.length])}`;
  for (let i = 0; i < data.length; i++) {
    const { key, value } = data[i]!;
    if ((object as Record<PropertyKey, unknown>)[key] !== value && !isStill(object, key, value))
      return `${name}.${String(key)}`;
  }
  for (let i = 0; i < accessors.length; i++) {
    const { key, descriptor } = accessors[i]!;
    const is = getOwnPropertyDescriptor(object, key);
    if (is?.get !== descriptor.get || is?.set !== descriptor.set) return `${name}.${String(key)}`;
  }
  return getPrototypeOf(object) === prototype ? null : name;
}

/** The comparison that a value like NaN needs. */
const isStill = (object: object, key: PropertyKey, value: unknown): boolean =>
  Object.is(getOwnPropertyDescriptor(object, key)?.value, value);

/** Watches the shared objects of one realm. */
export class IntrinsicsWatch {
  private snapshots: Snapshot[] = [];

  private constructor(private readonly shared: readonly Shared[]) {}

  /** Watches what all workflows of a reused context share; null for a creator of another kind. */
  static ofContext(creator: SdkWorkflowCreator): IntrinsicsWatch | null {
    const { _context: context, workflowBundle } = creator as ReusedCreator;
    if (context === undefined || !vm.isContext(context)) return null;
    const ofProcess = new Set(sharedIn(LIST_SHARED.runInThisContext()).map(({ object }) => object));
    const found = [
      ...sharedIn(LIST_SHARED.runInContext(context)),
      ...classesOfModules(context, workflowBundle?.code ?? ''),
    ];
    return new IntrinsicsWatch(found.filter(({ object }) => !ofProcess.has(object)));
  }

  /** Watches what all contexts of this process share with it, and what code that left its sandbox reaches. */
  static ofProcess(): IntrinsicsWatch {
    return new IntrinsicsWatch(sharedIn(LIST_SHARED.runInThisContext()));
  }

  /** Makes the state as it is now that with which later ones are compared. */
  look(): void {
    const snapshots: Snapshot[] = [];
    for (let i = 0; i < this.shared.length; i++) snapshots[i] = snapshotOf(this.shared[i]!);
    this.snapshots = snapshots;
  }

  /** Returns the first property that has changed since the last look; null if none has. */
  change(): string | null {
    for (let i = 0; i < this.snapshots.length; i++) {
      const change = changeOf(this.snapshots[i]!);
      if (change !== null) return change;
    }
    return null;
  }
}

/** The members of the SDK's `ReusableVMWorkflowCreator` that are read here. */
interface ReusedCreator {
  _context?: vm.Context;
  workflowBundle?: { code?: string };
}

/** Matches the id of a module in webpack's output for development, which the SDK's bundler makes. */
const MODULE_ID = /^\/\*{3}\/ "([^"\n]+)"/gm;

/** Returns the prototypes of the classes that the shared modules of a bundle export. */
function classesOfModules(context: vm.Context, code: string): Shared[] {
  const cache = context['__webpack_module_cache__'] as
    Record<string, { exports?: object } | undefined> | undefined;
  const prototypes = new Map<object, string>();
  for (const [, id] of code.matchAll(MODULE_ID))
    for (const value of Object.values(cache?.[id!]?.exports ?? {}) as unknown[])
      if (typeof value === 'function' && isClass(value))
        prototypes.set(value.prototype as object, `${value.name}.prototype`);
  return [...prototypes].map(([object, name]) => ({ name, object }));
}

/** Returns true unless the function is a plain one, whose prototype is never looked at. */
function isClass({ prototype }: { prototype?: unknown }): boolean {
  if (typeof prototype !== 'object' || prototype === null) return false;
  return ownKeys(prototype).length > 1 || getPrototypeOf(getPrototypeOf(prototype) ?? {}) !== null;
}

/** Returns the list of a realm as one of this realm. */
function sharedIn(list: unknown): Shared[] {
  const { length } = list as unknown[];
  return Array.from({ length }, (_, i) => {
    const { name, object } = (list as Shared[])[i]!;
    return { name, object };
  });
}
