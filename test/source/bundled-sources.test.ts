import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BundledSources } from '../../src/source/bundled-sources';
import { codeFrame } from '../../src/source/code-frame';
import { scratchDirectory } from '../helpers/replay-cli';

function bundleWith(map: object | string): string {
  const path = join(scratchDirectory(), 'bundle.js');
  const data = Buffer.from(typeof map === 'string' ? map : JSON.stringify(map)).toString('base64');
  writeFileSync(path, `code();\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${data}\n`);
  return path;
}

describe('BundledSources', () => {
  it("has the user's own files of the bundle as they were bundled", () => {
    const sources = new BundledSources([
      bundleWith({
        sources: ['/shop/flow.ts', '/shop/node_modules/uuid/index.js', '/shop/empty.ts'],
        sourcesContent: ['export {};\nflow();', 'uuid();', null],
      }),
    ]);

    expect(sources.files()).toEqual(['/shop/flow.ts']);
    expect(sources.lineOf('/shop/flow.ts', 2)).toBe('flow();');
    expect(sources.lineOf('/shop/flow.ts', 3)).toBeNull();
    expect(sources.syntaxOf('/shop/flow.ts')?.program.body).toHaveLength(2);
  });

  it('reads a file from disk that no bundle has', () => {
    const file = join(scratchDirectory(), 'flow.ts');
    writeFileSync(file, 'flow();');

    expect(new BundledSources([]).textOf(file)).toBe('flow();');
    expect(new BundledSources([]).textOf('/nowhere/flow.ts')).toBeNull();
    expect(new BundledSources([]).syntaxOf('/nowhere/flow.ts')).toBeNull();
  });

  it('has no files of a bundle whose source map cannot be read', () => {
    expect(new BundledSources([bundleWith('{'), '/nowhere/bundle.js']).files()).toEqual([]);
  });
});

it('codeFrame marks the position in the numbered lines around it', () => {
  const text = ['a', 'b', 'c', 'd(e)', 'f', 'g', 'h', 'i'].join('\n');

  expect(codeFrame(text, { line: 4, column: 3 }).split('\n')).toEqual([
    '  2 | b',
    '  3 | c',
    '> 4 | d(e)',
    '    |   ^',
    '  5 | f',
    '  6 | g',
    '  7 | h',
  ]);
});
