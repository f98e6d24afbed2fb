import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleInputsOf, mocksOfInputs } from '../../../src/testing/worker/module-mocks';
import { scratchDirectory } from '../../helpers/replay-cli';

const directory = scratchDirectory();
const inputs = bundleInputsOf(
  ['src/rate.ts', 'src/tax/index.ts', 'src/workflows.ts', 'src/fee.js']
    .map((file) => join(directory, file))
    .concat(
      ['lodash/map.js', '@acme/money/lib/index.js', '@temporalio/workflow/lib/index.js'].map((file) =>
        join(directory, 'node_modules', file),
      ),
    ),
);

/** Returns the mocked inputs of a test file with these lines. */
async function found(...lines: string[]): Promise<string[]> {
  const file = join(directory, 'test/some.test.ts');
  mkdirSync(join(directory, 'test'), { recursive: true });
  writeFileSync(file, lines.join('\n'));
  const mocks = await mocksOfInputs(file, inputs);
  return mocks.map(({ call, module, input }) => `${call} ${module}: ${input.replace(`${directory}/`, '')}`);
}

describe('a module mock in a test file', () => {
  it.each([
    [`jest.mock('../src/rate');`, 'jest.mock ../src/rate: src/rate.ts'],
    [`jest.mock('../src/rate.js', () => ({ rate: () => 9 }));`, 'jest.mock ../src/rate.js: src/rate.ts'],
    [`it('a', () => { jest.doMock('../src/fee'); });`, 'jest.doMock ../src/fee: src/fee.js'],
    [`jest.unstable_mockModule('../src/tax', f);`, 'jest.unstable_mockModule ../src/tax: src/tax/index.ts'],
    [`vi.mock(import('../src/rate.ts'), f);`, 'vi.mock ../src/rate.ts: src/rate.ts'],
    [`vi.mock('@/rate');`, 'vi.mock @/rate: src/rate.ts'],
    [`vi.mock('~/tax', f);`, 'vi.mock ~/tax: src/tax/index.ts'],
    [`jest.mock('lodash/map');`, 'jest.mock lodash/map: lodash'],
    [`jest.mock<typeof money>('@acme/money');`, 'jest.mock @acme/money: @acme/money'],
  ])('is found where the workflow code has the module: %s', async (line, mock) => {
    expect(await found(line)).toEqual([mock]);
  });

  it.each([
    [`jest.mock('../src/mailer');`],
    [`jest.mock('axios');`],
    [`jest.mock('@other/rate');`],
    [`// jest.mock('../src/rate');`],
    [`jest.mock(name);`],
    [`other.mock('../src/rate');`],
    [`jest.unmock('../src/rate');`],
    [`jest.mock(`],
  ])('is not found otherwise: %s', async (line) => {
    expect(await found(line)).toEqual([]);
  });
});
