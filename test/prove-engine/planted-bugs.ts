/** A bug of the screen that the proof has to find. */
export interface PlantedBug {
  name: string;
  /** The part of the proof that finds it. */
  part: 'activations' | 'histories';
  /** Below `src/replay/engine/screen`. */
  file: string;
  /** Text of the file that the bug replaces. It stands there once. */
  before: string;
  after: string;
}

const bug = (
  name: string,
  part: PlantedBug['part'],
  file: string,
  before: string,
  after: string,
): PlantedBug => ({
  ...{ name, part, file },
  ...{ before, after },
});

/** Each of them lets the screen say compatible where core does not, or makes an activation that core does not send. */
export const PLANTED_BUGS: readonly PlantedBug[] = [
  bug(
    'the verdict of the comparison is dropped',
    'histories',
    'screen-engine.ts',
    "if (judgement.verdict !== 'compatible') throw new Unsure('not compatible', '', sharedChange);",
    "if (judgement.verdict !== 'compatible') return { judgement: { ...judgement, verdict: 'compatible' } };",
  ),
  bug(
    'an activity that failed counts as completed',
    'activations',
    'machines/activity.ts',
    '    ActivityTaskFailed: failed,',
    '    ActivityTaskFailed: completed,',
  ),
  bug(
    'jobs come in the order of the events',
    'activations',
    'ordered-jobs.ts',
    'const orders = jobs.map(orderOf);',
    'const orders = jobs.map(() => 0);',
  ),
  bug(
    'flags of the language are not passed on',
    'activations',
    'known-flags.ts',
    'return [...this.lang];',
    'return [];',
  ),
  bug(
    'an update is run with its validator on replay',
    'activations',
    'workflow-machines.ts',
    'runValidator: !this.replaying,',
    'runValidator: true,',
  ),
];
