/** `npm run attack`: runs every attack of this folder, prints a table, and exits with 1 if any attempt had an effect. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Attack {
  attack(options: { budgetMs: number; seed: number }): Promise<{ tried: number; failures: string[] }>;
}

const SUFFIX = '.attack.ts';
const SHOWN_FAILURES = 20;

/** Helpers of the tests clean up in hooks of jest, which is not there. */
const hooks: (() => unknown)[] = [];
Object.assign(globalThis, { afterAll: (hook: () => unknown) => hooks.push(hook) });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true },
      budget: { type: 'string', default: '120' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [budgetS, seed] = [Number(values.budget), Number(values.seed)];
  const all = readdirSync(__dirname)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .sort();
  const unknown = values.only?.filter((name) => !all.includes(name)) ?? [];
  if (unknown.length > 0 || !(budgetS > 0) || !Number.isSafeInteger(seed)) {
    console.error(`npm run attack -- [--only <name>]… [--budget <seconds for each>] [--seed <n>]`);
    console.error(`Attacks: ${all.join(', ')}`);
    process.exit(2);
  }
  console.log(`seed ${seed}, at most about ${budgetS} s for each attack`);
  const failures: string[] = [];
  console.log(row('attack', 'tried', 'failures', 'seconds'));
  for (const name of all.filter((one) => values.only?.includes(one) ?? true)) {
    // The loader of TypeScript serves `require` only.
    const { attack } = require(join(__dirname, `${name}${SUFFIX}`)) as Attack;
    const beganAt = performance.now();
    const outcome = await attack({ budgetMs: budgetS * 1000, seed }).catch((err: Error) => ({
      tried: 0,
      failures: [`the attack itself failed: ${err.stack}`],
    }));
    const seconds = ((performance.now() - beganAt) / 1000).toFixed(0);
    console.log(row(name, outcome.tried, outcome.failures.length, seconds));
    for (const failure of outcome.failures.slice(0, SHOWN_FAILURES)) console.log(`    ${failure}`);
    failures.push(...outcome.failures);
  }
  for (const hook of hooks) await hook();
  process.exit(failures.length > 0 ? 1 : 0);
}

const row = (name: string, ...cells: (string | number)[]): string =>
  name.padEnd(20) + cells.map((cell) => String(cell).padStart(9)).join('');

void main();
