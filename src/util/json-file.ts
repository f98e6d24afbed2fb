import { type ParseError, parse } from 'jsonc-parser';
import { readTextFile } from './read-text-file';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** Reads a JSON object that may have comments and trailing commas. Returns null if there is none that can be parsed. */
export function readJsonFile(path: string): JsonObject | null {
  const text = readTextFile(path);
  if (text === null) return null;
  const errors: ParseError[] = [];
  const value = parse(text, errors, { allowTrailingComma: true }) as Json | undefined;
  return errors.length === 0 && isObject(value) ? value : null;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
