import { markdown } from '../../../src/report/reporters/markdown';
import { SAMPLE, UNPRINTABLE, manyGroups } from '../../helpers/sample-report';
import { shownBy } from '../../helpers/shown-by';

/** Removes fenced blocks and code spans, so that only the text that GitHub reads as Markdown is left. */
const proseOf = (text: string): string =>
  text.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, '').replace(/(?<![\\`])(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '');

describe('the markdown reporter', () => {
  it('starts with its mark, then shows the first cause and closes the others', async () => {
    const text = await shownBy(markdown, SAMPLE);

    expect(text).toMatch(/^<!-- temporal-replay -->\n## ❌ Temporal replay\n\n505 histories: 1 compatible, /);
    expect(text.match(/^### /gm)).toHaveLength(1);
    expect(text.match(/^<details>\n<summary><b>/gm)).toHaveLength(SAMPLE.groups.length - 1);
    expect(text.match(/^<\/details>$/gm)).toHaveLength(text.match(/^<details>$/gm)!.length);
    expect(text).toContain('500 histories of processOrder (3 open).');
    expect(text).toContain('At `src/workflows.ts:12:9 in processOrder`');
    expect(text).toContain('**Guard the change with `patched()`.**');
    expect(text).toContain("```ts\nif (patched('reserve-stock')) {\n}\n```");
    expect(text).toContain('No history covers refundOrder.');
  });

  it('lists several causes in a table, with their open runs and places', async () => {
    const text = await shownBy(markdown, SAMPLE);

    expect(text).toContain(
      '| ❌ incompatible | `reserveStock` activity now stands where `timer 30s` was recorded | 500 | 3 | src/workflows.ts:12:9 |\n',
    );
    expect(text).toMatch(/^\| ⚠️ drifted \| Other content \| 1 \| 0 \|/m);
    expect(text).toMatch(/^\| ✅ timeout \| /m);
  });

  it('has no table for a single cause, and a mark for the gravest', async () => {
    const drifted = SAMPLE.groups.find(({ verdict }) => verdict === 'drifted')!;

    const text = await shownBy(markdown, { ...SAMPLE, groups: [drifted] });

    expect(text).toContain('## ⚠️ Temporal replay\n');
    expect(text).not.toContain('| Verdict |');
  });

  it('marks a run without causes as passed', async () => {
    expect(await shownBy(markdown, { ...SAMPLE, groups: [] })).toContain('## ✅ Temporal replay\n');
  });

  it('keeps its first screen short: commands, histories and long code are closed', async () => {
    const [group] = SAMPLE.groups;
    const [remedy] = group!.remedies;
    const snippet = Array.from({ length: 30 }, (_, i) => `step(${i});`).join('\n');

    const text = await shownBy(markdown, {
      ...SAMPLE,
      groups: [{ ...group!, remedies: [{ ...remedy!, snippet }] }],
    });

    expect(text).toContain('<summary>The code (30 lines)</summary>\n\n```ts\nstep(0);');
    expect(text).toMatch(
      /<summary>Recorded and current commands, and histories<\/summary>\n\n\| Event \|[\s\S]*Such as:\n- /,
    );
  });

  it('names the command that explains an error', async () => {
    expect(await shownBy(markdown, SAMPLE)).toContain('More: `npx replay explain NOT_JSON`\n');
  });

  it('shows no text of a history as markup, a mention, a reference or a link', async () => {
    const prose = proseOf(await shownBy(markdown, SAMPLE)).replace('<!-- temporal-replay -->', '');

    expect(prose).toContain('octocat');
    expect(prose.replace(/<\/?(?:details|summary|b|code)>/g, '')).not.toMatch(
      /<\w|@octocat|#123|http:\/\/|(?<!\\)\[a/,
    );
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

  it('stays within the length of a comment by giving further causes a line, and counting the rest', async () => {
    const text = await shownBy(markdown, manyGroups(2_000));

    const sections = text.match(/^(?:### |<summary><b>)/gm)!.length;
    const lines = text.match(/^- incompatible: cause \d+ ends/gm)!.length;
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.length).toBeGreaterThan(60_000);
    expect(sections).toBeGreaterThan(50);
    expect(text).toContain(`\n${2_000 - sections - lines} more causes are left out here`);
    expect(text.match(/^```/gm)!.length).toBe(2 * sections);
  });

  it('leaves no cause out if a line for each fits', async () => {
    const text = await shownBy(markdown, manyGroups(200));

    expect(text.match(/^(?:### |<summary><b>|- incompatible: cause)/gm)).toHaveLength(200);
    expect(text).not.toContain('left out');
  });

  it.each([
    [
      'GitHub, at the newest commit of the pull request',
      {
        GITHUB_SERVER_URL: 'https://github.example',
        GITHUB_REPOSITORY: 'acme/orders',
        GITHUB_RUN_ID: '7',
        GITHUB_SHA: 'merge',
      },
      '[`src/workflows.ts:12:9 in processOrder`](https://github.example/acme/orders/blob/merge/src/workflows.ts#L12)',
      '(https://github.example/acme/orders/actions/runs/7)',
    ],
    [
      'GitLab',
      {
        CI_PROJECT_URL: 'https://gitlab.example/acme/orders',
        CI_COMMIT_SHA: 'c0ffee',
        CI_JOB_URL: 'https://gitlab.example/acme/orders/-/jobs/7',
      },
      '(https://gitlab.example/acme/orders/-/blob/c0ffee/src/workflows.ts#L12)',
      '[Job with the whole report](https://gitlab.example/acme/orders/-/jobs/7)',
    ],
  ])('links places and the job on %s', async (_, env, place, job) => {
    const text = await shownBy(markdown, SAMPLE, { env });

    expect(text).toContain(place);
    expect(text).toContain(job);
  });
});
