import { markdown } from '../../../src/report/reporters/markdown';
import { SAMPLE, UNPRINTABLE, manyGroups } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

/** Removes fenced blocks and code spans, so that only the text that GitHub reads as Markdown is left. */
const proseOf = (text: string): string =>
  text.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');

describe('the markdown reporter', () => {
  it('starts with its mark, followed by a section for each cause with place, code, examples and remedies', async () => {
    const text = await shownBy(markdown, SAMPLE);

    expect(text).toMatch(/^<!-- temporal-replay -->\n## Temporal replay\n\n505 histories: 1 compatible, /);
    expect(text.match(/^### /gm)).toHaveLength(SAMPLE.groups.length);
    expect(text).toContain('500 histories of processOrder (3 open).');
    expect(text).toContain('At `src/workflows.ts:12:9 in processOrder`');
    expect(text).toContain('**Guard the change with `patched()`.**');
    expect(text).toContain("```ts\nif (patched('reserve-stock')) {\n}\n```");
    expect(text).toContain('No history covers refundOrder.');
  });

  it('shows no text of a history as markup, a mention, a reference or a link', async () => {
    const prose = proseOf(await shownBy(markdown, SAMPLE)).replace('<!-- temporal-replay -->', '');

    expect(prose).toContain('octocat');
    expect(prose).not.toMatch(/<\w|@octocat|#123|http:\/\/|(?<!\\)\[a/);
    expect(prose).not.toMatch(UNPRINTABLE);
  });

  it('shows names between backticks as code, also several in one pair', async () => {
    const [group] = SAMPLE.groups;
    const headline = 'search attributes `Battery, State` is now `lock` activity';

    const text = await shownBy(markdown, { ...SAMPLE, groups: [{ ...group!, headline }] });

    expect(text).toContain(`### ${group!.verdict}: ${headline}\n`);
  });

  it('lists the callers of the place', async () => {
    const [group] = SAMPLE.groups;
    const callers = [{ file: 'src/pay.ts', line: 7, column: 3, function: 'pay' }];

    const text = await shownBy(markdown, { ...SAMPLE, groups: [{ ...group!, callers }] });

    expect(text).toContain('called from src/pay.ts:7:3 in pay\n');
  });

  it('keeps a hostile name in its cell of the table', async () => {
    const rows = (await shownBy(markdown, SAMPLE)).split('\n').filter((line) => line.startsWith('| **11**'));

    expect(rows).toHaveLength(1);
    expect(rows[0]!.split(/(?<!\\)\|/)).toHaveLength(6);
  });

  it('closes a code block only after the code', async () => {
    const text = await shownBy(markdown, SAMPLE);

    expect(text).toMatch(/^`{5}text\n<script>/m);
  });

  it('stays within the length of a comment by leaving out whole causes', async () => {
    const text = await shownBy(markdown, manyGroups(200));

    expect(text.length).toBeLessThanOrEqual(65_536);
    const shown = text.match(/^### incompatible: cause \d+ ends$/gm)!.length;
    expect(text).toContain(`\n${200 - shown} more causes are left out here`);
    expect(text.match(/^```/gm)!.length).toBe(2 * shown);
  });
});
