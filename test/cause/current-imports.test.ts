import { withCurrentImports } from '../../src/cause/current-imports';

const hunk = (file: string, before: string[], line = 1, count = before.length) => ({
  file,
  line,
  count,
  before,
});
const renamed = [{ oldPath: '/s/steps/pay.ts', path: '/s/payment/charge.ts', hunks: [] }];

describe('withCurrentImports', () => {
  it('imports a renamed file by its new path, with the extension of the old import', () => {
    const hunks = [
      hunk('/s/flow.ts', [
        "import { pay } from './steps/pay';",
        "export * from './steps/pay.js';",
        'pay(1);',
      ]),
    ];

    const [current] = withCurrentImports(hunks, renamed, () => 'import x;\n\npay(2);');

    expect(current!.before).toEqual([
      "import { pay } from './payment/charge';",
      "export * from './payment/charge.js';",
      'pay(1);',
    ]);
  });

  it('leaves out a passage in which only the path of a renamed file changed', () => {
    const hunks = [hunk('/s/flow.ts', ["import { pay } from './steps/pay';"])];

    const current = withCurrentImports(hunks, renamed, () => "import { pay } from './payment/charge';");

    expect(current).toEqual([]);
  });

  it('keeps the imports within a renamed file leading to the same files', () => {
    const hunks = [
      hunk('/s/payment/charge.ts', ["import { log } from './log';", "import { a } from '../a';"]),
    ];

    const [current] = withCurrentImports(hunks, renamed, () => 'import x;\nimport y;');

    expect(current!.before).toEqual(["import { log } from '../steps/log';", "import { a } from '../a';"]);
  });

  it('changes nothing without a renamed file', () => {
    const hunks = [hunk('/s/flow.ts', ["import { pay } from './steps/pay';"])];

    expect(withCurrentImports(hunks, [], () => '')).toEqual(hunks);
  });
});
