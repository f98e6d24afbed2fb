import type { ModuleExports } from '../util/load-module';

/** The value of a line that exports a data converter, by an export of its module; null if it says nothing of one. */
type Rule = (name: string, value: unknown) => string | null;

/** The rules in the order in which they count. */
const RULES: readonly Rule[] = [
  (name, value) => (isFunction(value) && /converter/i.test(name) ? callOf(name, value) : null),
  (name, value) => (isObject(value) && 'payloadCodecs' in value ? name : null),
  (name, value) => (hasMethods(value, 'encode', 'decode') ? withCodec(name) : null),
  (name, value) => (isFunction(value) && /codec/i.test(name) ? withCodecOf(name, value) : null),
  (name, value) => {
    if (!isClass(value) || !hasMethods(value.prototype, 'encode', 'decode')) return null;
    const { create } = value;
    return isFunction(create)
      ? withCodecOf(`${name}.create`, create)
      : withCodec(`new ${callOf(name, value)}`);
  },
];

/** Returns what to do with a module that exports no data converter, by what it exports. */
export function adviceFor(exported: ModuleExports): string {
  const { dataConverter, default: byDefault, ...named } = exported;
  const factory = [dataConverter, byDefault].find(isFunction);
  if (factory) return line(callOf(nameOf(factory), factory));
  for (const rule of RULES)
    for (const [name, value] of Object.entries(named)) {
      const found = rule(name, value);
      if (found !== null) return line(found);
    }
  if ('payloadConverter' in named)
    return 'It exports a payload converter: give it as payloadConverter (--payload-converter).';
  return line(withCodec('/* your codecs */'));
}

/** Returns true for an object with these methods. */
export const hasMethods = (value: unknown, ...names: string[]): boolean =>
  isObject(value) && names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');

const line = (value: string): string => `Add this line to it: export const dataConverter = ${value};`;

const withCodec = (codec: string): string => `{ payloadCodecs: [${codec}] }`;

/** Returns a data converter with the codec that a function returns, or the promise of one if the function is async. */
const withCodecOf = (name: string, fn: Callable): string =>
  fn.constructor.name === 'AsyncFunction'
    ? `${callOf(name, fn)}.then((codec) => (${withCodec('codec')}))`
    : withCodec(callOf(name, fn));

const callOf = (name: string, { length }: { length: number }): string =>
  `${name}(${length > 0 ? '/* its arguments */' : ''})`;

/** Returns the name of a function, or one for it to be given: the line itself declares `dataConverter`. */
const nameOf = ({ name }: Callable): string =>
  name === '' || name === 'default' || name === 'dataConverter' ? 'makeDataConverter' : name;

type Callable = (...args: never[]) => unknown;
type Class = { length: number; prototype: unknown; create?: unknown };

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isClass = (value: unknown): value is Class =>
  typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
const isFunction = (value: unknown): value is Callable => typeof value === 'function' && !isClass(value);
