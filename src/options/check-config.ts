import { TemporalReplayError } from '../errors';
import { nearestName } from '../util/nearest-name';
import type { OptionRow, OptionTable } from './option-row';
import { CONFIG } from './table';
import type { ReplayConfig } from './types';

/** Path of a config file, and the name of a value in it. */
interface Place {
  path: string;
  name: string;
}

/** Refuses unknown options and values of a wrong type, nested ones included. @throws CONFIG_INVALID */
export function checkConfig(config: unknown, path: string): asserts config is ReplayConfig {
  if (kindOf(config) !== 'object')
    throw new TemporalReplayError('CONFIG_INVALID', `${path} must export an object (see defineConfig).`);
  checkFields(config as object, CONFIG, { path, name: '' });
}

function checkFields(value: object, table: OptionTable, { path, name: parent }: Place): void {
  const known = Object.keys(table).filter((key) => !table[key]!.callOnly);
  for (const [key, item] of Object.entries(value)) {
    const name = parent === '' ? key : `${parent}.${key}`;
    if (!known.includes(key)) {
      const nearest = nearestName(key, known);
      const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
      throw new TemporalReplayError('CONFIG_INVALID', `${path}: unknown option "${name}".${hint}`);
    }
    if (item !== undefined) checkValue(item, table[key]!, { path, name });
  }
}

function checkValue(value: unknown, { type, fields }: OptionRow, { path, name }: Place): void {
  checkType(value, type, { path, name });
  if (fields === undefined) return;
  if (!Array.isArray(value)) return checkFields(value as object, fields, { path, name });
  for (const [index, item] of value.entries()) {
    const place = { path, name: `${name}[${index}]` };
    checkType(item, 'object', place);
    checkFields(item as object, fields, place);
  }
}

function checkType(value: unknown, type: string, { path, name }: Place): void {
  const actual = kindOf(value);
  const fits = type
    .split(' or ')
    .some((one) => one === actual || (one === 'array' && actual === 'array of strings'));
  if (fits) return;
  throw new TemporalReplayError('CONFIG_INVALID', `${path}: "${name}" must be ${type}, not ${actual}.`);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (!Array.isArray(value)) return typeof value;
  return value.every((item) => typeof item === 'string') ? 'array of strings' : 'array';
}
