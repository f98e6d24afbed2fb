import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childTypeBehindPatch, childTypeOfBefore } from '../../src/diagnosis/child-type-changes';
import type { RemedyChange, ReplayTrace } from '../../src/model/diagnosis';
import { applyEdits } from '../../src/patching/text-edits';
import { BundledSources } from '../../src/source/bundled-sources';
import { scratchDirectory } from '../helpers/replay-cli';
import { activity, traceOf } from '../helpers/replay-trace';

const child = (name: string) => ({ ...activity(name), kind: 'child' });
const renamed = (old: string): ReplayTrace =>
  traceOf({ kind: 'renamed', recorded: child(old), produced: child('shipParcel') });

const IMPORT = "import { executeChild, patched } from '@temporalio/workflow';";

/** Returns the line of a call after a change of it. */
function changed(
  line: string,
  change: (
    place: { file: string; line: number; column: number; function: null },
    sources: BundledSources,
  ) => RemedyChange | null,
  name = 'flow.ts',
): string | null {
  const file = join(scratchDirectory(), name);
  const lines = [IMPORT, line];
  writeFileSync(file, lines.join('\n'));
  const column = line.search(/\bwf\.|executeChild|startChild/) + 1;
  const found = change({ file, line: 2, column, function: null }, new BundledSources([]));
  return found && applyEdits(lines, found.edits).split('\n')[1]!;
}

describe('the type of a child workflow that was renamed', () => {
  it('is the recorded one for runs from before the patch', () => {
    expect(
      changed('const flow = () => executeChild(shipParcel, { args: [] });', (place, sources) =>
        childTypeBehindPatch(renamed('shipOrder'), place, 'the-change', sources),
      ),
    ).toBe(
      "const flow = () => executeChild<typeof shipParcel>(patched('the-change') ? 'shipParcel' : 'shipOrder', { args: [] });",
    );
  });

  it.each([
    [
      'const flow = () => wf.startChild(shipParcel);',
      "const flow = () => wf.startChild<typeof shipParcel>('shipOrder');",
    ],
    [
      'const flow = () => executeChild<typeof shipParcel>(shipParcel);',
      "const flow = () => executeChild<typeof shipParcel>('shipOrder');",
    ],
  ])('can be the recorded one for all runs: %s', (line, expected) => {
    expect(changed(line, (place, sources) => childTypeOfBefore(renamed('shipOrder'), place, sources))).toBe(
      expected,
    );
  });

  it('has no type arguments in JavaScript', () => {
    expect(
      changed(
        'const flow = () => executeChild(shipParcel);',
        (place, sources) => childTypeOfBefore(renamed('shipOrder'), place, sources),
        'flow.js',
      ),
    ).toBe("const flow = () => executeChild('shipOrder');");
  });

  it.each([
    ['names its type by a text', "const flow = () => executeChild('shipParcel');", 'shipOrder'],
    ['had a type that would be code', 'const flow = () => executeChild(shipParcel);', "x'); evil('"],
  ])('stays if the call %s', (_, line, old) => {
    expect(changed(line, (place, sources) => childTypeOfBefore(renamed(old), place, sources))).toBeNull();
  });
});
