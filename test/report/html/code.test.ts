import { codeBlock, diffBlock, frameBlock } from '../../../src/report/html/code';

const LIMITS = { length: 5_000, isColored: true };

/** Returns the text of each line, with the entities of quotes resolved. */
const linesOf = (markup: string): string[] =>
  /<code>(.*)<\/code>/s
    .exec(markup)![1]!
    .replace(/<[^>]*>/g, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&#96;', '`')
    .split('\n');

describe('codeBlock', () => {
  it('colours keywords, types, text, numbers and comments', () => {
    const { text } = codeBlock("const a: Order = await f('x', 1); // done", 'Code', LIMITS);

    expect(text).toContain('<span class="tk">const</span>');
    expect(text).toContain('<span class="tt">Order</span>');
    expect(text).toContain('<span class="ts">&#39;x&#39;</span>');
    expect(text).toContain('<span class="tn">1</span>');
    expect(text).toContain('<span class="tc">// done</span>');
  });

  it('keeps the text as it is, also where it is no whole code', () => {
    const code = "} catch (err) {\n  `half of a text\n\n\t/* and 'of a comment";

    expect(linesOf(codeBlock(code, 'Code', LIMITS).text).join('\n')).toBe(code);
  });

  it('escapes markup, and takes no colour from the code itself', () => {
    const { text } = codeBlock('a < b; "\u001b[36m</code><script>"', 'Code', LIMITS);

    expect(text).not.toContain('<script');
    expect(text).not.toContain('\u001b');
    expect(linesOf(text)[0]).toContain('\u241b[36m&#60;/code&#62;');
  });
});

describe('frameBlock', () => {
  it('marks the line and numbers it beside the code', () => {
    const { text } = frameBlock('  11 | a();\n> 12 | b();\n     | ^', LIMITS);

    expect(linesOf(text)).toEqual(['a();', 'b();', '^']);
    expect(text).toContain('class="ln here" data-n="&#62; 12"');
  });

  it('marks what a change removes and adds', () => {
    const { text } = frameBlock('  11 | a();\n-    | b();\n+ 12 | c();', LIMITS);

    expect([...text.matchAll(/class="ln (\w+)" data-n="([^"]*)"/g)].map(([, mark, n]) => [mark, n])).toEqual([
      ['same', '  11'],
      ['minus', '-   '],
      ['plus', '+ 12'],
    ]);
  });
});

describe('diffBlock', () => {
  const DIFF = [
    '--- a/orders.ts',
    '+++ b/orders.ts',
    '@@ -4,3 +4,3 @@',
    ' first();',
    '--- x;',
    "+patched('a');",
    ' last();',
    '@@ -20,1 +20,2 @@',
    ' end();',
    '+more();',
    '',
  ].join('\n');

  it('numbers the lines of both sides, also a removed one that looks like a header', () => {
    const { text } = diffBlock(DIFF, LIMITS);

    const rows = [...text.matchAll(/class="ln (\w+)" data-n="\s*([^"]*)"/g)].map(
      ([, mark, n]) => `${mark} ${n}`,
    );
    expect(rows).toEqual([
      ...['meta ', 'meta ', 'meta ', 'same 4', 'minus 5', 'plus 5', 'same 6', 'meta ', 'same 20', 'plus 21'],
    ]);
  });

  it('has the text that git apply takes', () => {
    expect(linesOf(diffBlock(DIFF, LIMITS).text).join('\n')).toBe(DIFF.trimEnd());
  });
});
