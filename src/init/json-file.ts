import { readFileSync } from 'node:fs';
import { parseExpression } from '@babel/parser';
import type * as t from '@babel/types';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A JSON file as people write them, tsconfig.json for one: comments and trailing commas are fine. Null where it is none. */
export function readJsonFile(path: string): JsonObject | null {
  try {
    const value = valueOf(parseJson(readFileSync(path, 'utf8')));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The syntax tree of a JSON text, which says where each part stands. @throws SyntaxError */
export const parseJson = (text: string): t.Expression => parseExpression(text.replace(/^\uFEFF/, ' '));

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueOf(node: t.Node | null): Json {
  switch (node?.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
      return node.value;
    case 'ArrayExpression':
      return node.elements.map(valueOf);
    case 'ObjectExpression':
      return Object.fromEntries(
        node.properties.flatMap((property) =>
          property.type === 'ObjectProperty' && property.key.type === 'StringLiteral'
            ? [[property.key.value, valueOf(property.value)]]
            : [],
        ),
      );
    default:
      return null;
  }
}
