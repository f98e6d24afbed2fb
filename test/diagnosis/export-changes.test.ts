import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportUnder } from '../../src/diagnosis/export-changes';
import { applyEdits } from '../../src/patching/text-edits';
import { BundledSources } from '../../src/source/bundled-sources';
import { scratchDirectory } from '../helpers/replay-cli';

/** Sources of one file. */
function sourcesOf(text: string): BundledSources {
  const file = join(scratchDirectory(), 'flow.ts');
  writeFileSync(file, text);
  const sources = new BundledSources([]);
  jest.spyOn(sources, 'files').mockReturnValue([file]);
  return sources;
}

const changed = (text: string, name = 'order'): string[] =>
  exportUnder(name, 'orderV2', sourcesOf(text)).map(({ edits }) => applyEdits(text.split('\n'), edits));

describe('an export under one more name', () => {
  it.each([
    ['a function', 'export async function orderV2() {}\n'],
    ['a constant', 'export const orderV2 = async () => {};\n'],
  ])('is added at the end of the file that exports %s', (_, text) => {
    expect(changed(text)).toEqual([`${text}export { orderV2 as order };\n`]);
  });

  it('is added to the list that passes the function on', () => {
    expect(changed("export { orderV2, refund } from './flows';")).toEqual([
      "export { orderV2, orderV2 as order, refund } from './flows';",
    ]);
    expect(changed('export { flow as orderV2 };')).toEqual(['export { flow as orderV2, flow as order };']);
  });

  it('is not made of a type that is no name', () => {
    expect(changed('export async function orderV2() {}', 'order } from "evil')).toEqual([]);
  });
});
