import { type RenamedActivity, callByOldNames } from '../../src/patching/renamed-activities';

type Files = Readonly<Record<string, readonly string[]>>;

const RENAME: RenamedActivity = { old: 'chargeCard', now: 'takePayment' };

/** Returns the lines of the files that change so that old runs call the activity by its old name; null if nothing can be done. */
function renamed(
  files: Files,
  { patchId = 'the-change' as string | null, others = {} as Files, renames = [RENAME] } = {},
): Record<string, string[]> | null {
  const textOf = (path: string): string | null => ({ ...others, ...files })[path]?.join('\n') ?? null;
  const texts = callByOldNames({ files: Object.keys(files), textOf }, renames, patchId);
  return texts && Object.fromEntries([...texts].map(([path, text]) => [path, text.split('\n')]));
}

const IMPORT = "import { patched, proxyActivities } from '@temporalio/workflow';";
const TYPE = "import type * as activities from './activities';";
const CHOSEN = "(patched('the-change') ? acts.takePayment : acts.chargeCard)";

describe('an activity that was renamed', () => {
  it('is called by its old name, which the type of the proxies gets, for runs from before the patch', () => {
    const code = [
      IMPORT,
      TYPE,
      "const acts = proxyActivities<typeof activities>({ startToCloseTimeout: '1m' });",
      'export const pay = async (id: string) => await acts.takePayment(id);',
    ];

    expect(renamed({ '/w.ts': code })!['/w.ts']!.slice(2)).toEqual([
      "const acts = proxyActivities<typeof activities & { chargeCard: (typeof activities)['takePayment'] }>({ startToCloseTimeout: '1m' });",
      `export const pay = async (id: string) => await ${CHOSEN}(id);`,
    ]);
  });

  it('is declared under both names where the proxies are taken apart, and imported where it is called', () => {
    const proxies = [
      "import { proxyActivities } from '@temporalio/workflow';",
      'export const {',
      '  takePayment,',
      "} = proxyActivities<Activities>({ startToCloseTimeout: '1m' });",
    ];
    const flow = [
      "import { patched } from '@temporalio/workflow';",
      "import { takePayment } from './proxies';",
      'export const pay = (id: string) => takePayment(id);',
      'export const retry = (id: string) => run(takePayment, id);',
    ];

    expect(renamed({ '/proxies.ts': proxies, '/flow.ts': flow })).toEqual({
      '/proxies.ts': [
        proxies[0],
        'export const {',
        '  takePayment,',
        '  chargeCard,',
        "} = proxyActivities<Activities & { chargeCard: Activities['takePayment'] }>({ startToCloseTimeout: '1m' });",
      ],
      '/flow.ts': [
        flow[0],
        "import { takePayment, chargeCard } from './proxies';",
        "export const pay = (id: string) => (patched('the-change') ? takePayment : chargeCard)(id);",
        "export const retry = (id: string) => run(patched('the-change') ? takePayment : chargeCard, id);",
      ],
    });
  });

  it('is called through the namespace that its proxies are imported as', () => {
    const proxies = ['export const { takePayment } = proxyActivities(options);'];
    const flow = [
      "import { patched } from '@temporalio/workflow';",
      "import * as acts from './proxies';",
      'export const pay = async (id: string) => { await acts.takePayment(id); };',
    ];

    expect(renamed({ '/proxies.ts': proxies, '/flow.ts': flow })).toEqual({
      '/proxies.ts': ['export const { takePayment, chargeCard } = proxyActivities(options);'],
      '/flow.ts': [...flow.slice(0, 2), `export const pay = async (id: string) => { await ${CHOSEN}(id); };`],
    });
  });

  it('gets a copy of its signature in a literal type', () => {
    const code = [
      IMPORT,
      'const acts = proxyActivities<{ takePayment(id: string): Promise<void> }>(options);',
      'export const pay = async (id: string) => await acts.takePayment(id);',
    ];

    expect(renamed({ '/w.ts': code })!['/w.ts']![1]).toBe(
      'const acts = proxyActivities<{ takePayment(id: string): Promise<void>; chargeCard(id: string): Promise<void> }>(options);',
    );
  });

  it('leaves the type alone if an activity of the old name is still there', () => {
    const code = [
      IMPORT,
      TYPE,
      'const acts = proxyActivities<typeof activities>(options);',
      'export const pay = async (id: string) => await acts.takePayment(id);',
    ];
    const others = { '/activities.ts': ['export async function chargeCard(id: string) {}'] };

    expect(renamed({ '/w.ts': code }, { others })!['/w.ts']!.slice(2)).toEqual([
      code[2],
      `export const pay = async (id: string) => await ${CHOSEN}(id);`,
    ]);
  });

  it('keeps apart from the statement before it where that has no semicolon', () => {
    const code = [
      IMPORT,
      'const acts = proxyActivities(options)',
      'export async function pay(id) {',
      '  log(id)',
      '  acts.takePayment(id)',
      '}',
    ];

    expect(renamed({ '/w.js': code })!['/w.js']![4]).toBe(`  ;${CHOSEN}(id)`);
  });

  it('can have its old name in all runs', () => {
    const code = [
      IMPORT,
      'const { takePayment } = proxyActivities(options);',
      'export const pay = async (id: string) => await takePayment(id);',
    ];

    expect(renamed({ '/w.ts': code }, { patchId: null })!['/w.ts']!.slice(1)).toEqual([
      'const { chargeCard: takePayment } = proxyActivities(options);',
      code[2],
    ]);
  });

  it('can be one of several of the same proxies', () => {
    const code = [
      IMPORT,
      "const acts = proxyActivities<A | B>({ startToCloseTimeout: '1m' });",
      'export const pay = async () => { await acts.takePayment(); await acts.sendMail(); };',
    ];

    expect(
      renamed({ '/w.ts': code }, { renames: [RENAME, { old: 'mail', now: 'sendMail' }] })!['/w.ts']!.slice(1),
    ).toEqual([
      "const acts = proxyActivities<((A | B) & { chargeCard: (A | B)['takePayment'] }) & { mail: (A | B)['sendMail'] }>({ startToCloseTimeout: '1m' });",
      `export const pay = async () => { await ${CHOSEN}(); await (patched('the-change') ? acts.sendMail : acts.mail)(); };`,
    ]);
  });

  it('is left alone if one of several has no proxy', () => {
    const code = [
      IMPORT,
      'const { takePayment } = proxyActivities(options);',
      'const pay = () => takePayment();',
    ];

    expect(renamed({ '/w.ts': code }, { renames: [RENAME, { old: 'mail', now: 'sendMail' }] })).toBeNull();
  });
});
