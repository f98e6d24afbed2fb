import { chooseExpressions } from '../../src/patching/changed-expressions';

const IMPORT = "import { patched } from '@temporalio/workflow';";

/** Returns the line of a function after a change that is put behind a patch; null if its expressions cannot be chosen there. */
function chosen(before: string, now: string): string | null {
  const [was, is] = [before, now].map((line) => [IMPORT, 'async function flow() {', line, '}'].join('\n'));
  const text = chooseExpressions({ now: is!, before: was! }, 'flow.ts', 'the-change');
  return text && text.split('\n')[2]!;
}

describe('a changed expression', () => {
  it.each([
    [
      'an argument',
      "await sleep('1m');",
      "await sleep('5m');",
      "await sleep(patched('the-change') ? '5m' : '1m');",
    ],
    [
      'an option of a call',
      'await ship(id, { workflowId: `ship-${id}`, memo });',
      'await ship(id, { workflowId: `parcel-${id}`, memo });',
      "await ship(id, { workflowId: patched('the-change') ? `parcel-${id}` : `ship-${id}`, memo });",
    ],
    [
      'a property that is named by its value',
      'await pay({ id, sum });',
      'await pay({ id, sum: total });',
      "await pay({ id, sum: patched('the-change') ? total : sum });",
    ],
    [
      'a limit',
      'if (sum > 5) await ask();',
      'if (sum > 9) await ask();',
      "if (sum > (patched('the-change') ? 9 : 5)) await ask();",
    ],
    [
      'an operator',
      'if (a > b) await ask();',
      'if (a >= b) await ask();',
      "if (patched('the-change') ? a >= b : a > b) await ask();",
    ],
    [
      'another call',
      'await pay(1);',
      'await bill(1, 2);',
      "await (patched('the-change') ? bill(1, 2) : pay(1));",
    ],
    [
      'two of them',
      'await pay(1, 2);',
      'await pay(3, 4);',
      "await pay(patched('the-change') ? 3 : 1, patched('the-change') ? 4 : 2);",
    ],
  ])('is chosen where it stands: %s', (_, before, now, expected) => {
    expect(chosen(before, now)).toBe(expected);
  });

  it.each([
    ['another statement', 'await pay(1);', 'await pay(1); await mail();'],
    ['the test of a condition', 'await condition(() => n > 1);', 'await condition(() => n > 2);'],
    ['a name', 'const a = pay();', 'const b = pay();'],
    ['an expression that waits', 'pay(await one());', 'pay(two);'],
    ['text that is too long for the line', 'await sleep(1);', `await sleep(${'1 + '.repeat(20)}1);`],
  ])('is not chosen if the change is %s', (_, before, now) => {
    expect(chosen(before, now)).toBeNull();
  });

  it('is not chosen outside of functions, where no run asks for a patch', () => {
    const text = (limit: number): string => [IMPORT, `const LIMIT = ${limit};`].join('\n');

    expect(chooseExpressions({ now: text(2), before: text(1) }, 'flow.ts', 'the-change')).toBeNull();
  });

  it('imports patched() if it is not there', () => {
    const text = (limit: number): string => `const flow = () => sleep(${limit});`;

    expect(chooseExpressions({ now: text(2), before: text(1) }, 'flow.ts', 'the-change')).toBe(
      `${IMPORT}\nconst flow = () => sleep(patched('the-change') ? 2 : 1);`,
    );
  });
});
