import { parseSource } from '../../src/source/parse';
import { namesIn } from '../../src/source/patterns';

it.each([
  ['a', ['a']],
  ['{ a, x: [b, , { c = 1 }], ...d }', ['a', 'b', 'c', 'd']],
])('namesIn lists the names that the pattern %s declares', (pattern, names) => {
  const [statement] = parseSource(`const ${pattern} = value;`, 'a.ts')!.program.body;

  expect(statement?.type === 'VariableDeclaration' && namesIn(statement.declarations[0]!.id)).toEqual(names);
});
