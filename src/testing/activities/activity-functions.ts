import type { AnyFunction } from '../mocks/mock-function';

/**
 * Returns the activity of a type; null if there is none. An instance of a class stays `this` of its methods, and a class that of
 * its static ones. Other functions are called without `this`, as a worker of the SDK (1.24) calls them (`Activity.execute` of
 * `@temporalio/worker/lib/activity.js`).
 */
export function activityFunction(activities: object, type: string): AnyFunction | null {
  const found: unknown = (activities as Record<string, unknown>)[type];
  if (typeof found !== 'function') return null;
  if (!Object.hasOwn(activities, type) && isOfEveryClass(type)) return null;
  return classesOf(activities).length > 0 ? (found.bind(activities) as AnyFunction) : (found as AnyFunction);
}

/** Returns the activity types that an object has, including methods of its class. */
export function activityNames(activities: object): string[] {
  const own = Object.keys(activities).filter((name) => isFunctionOf(activities, name));
  return [...new Set([...own, ...methodNames(activities)])];
}

/**
 * Returns the activity types that a worker of the SDK (1.24) would not register: it takes own properties alone
 * (`compileWorkerOptions` of `@temporalio/worker/lib/worker-options.js`), and methods belong to a class's prototype.
 */
export function activitiesNotRegistered(activities: object): string[] {
  return methodNames(activities).filter((name) => !Object.keys(activities).includes(name));
}

/** Returns the name of a class or of the class of an instance; null for a plain object or a module. */
export const classNameOf = (activities: object): string | null =>
  typeof activities === 'function' ? activities.name : (classesOf(activities)[0]?.constructor.name ?? null);

function methodNames(activities: object): string[] {
  const names = classesOf(activities).flatMap((owner) => Object.getOwnPropertyNames(owner));
  return [...new Set(names)].filter((name) => !isOfEveryClass(name) && isFunctionOf(activities, name));
}

/** Returns the objects that own the methods of a class or of an instance: classes or their prototypes, the most derived first. */
function classesOf(activities: object): object[] {
  const owners: object[] = [];
  const next = (of: object): object | null => Object.getPrototypeOf(of) as object | null;
  const first = typeof activities === 'function' ? activities : next(activities);
  // The last one has the methods of every object, which are no activities.
  for (let at = first; at !== null && next(at) !== null; at = next(at)) owners.push(at);
  return owners;
}

const isOfEveryClass = (name: string): boolean => name in Function.prototype;

/** A getter may throw: it may need what only production has. */
function isFunctionOf(activities: object, name: string): boolean {
  try {
    return typeof (activities as Record<string, unknown>)[name] === 'function';
  } catch {
    return false;
  }
}
