import { vocabularyOf, wordsFor } from '../../src/verdict/words';
import type { ProducedItem } from '../../src/verdict/command-kinds';

const item = (part: Partial<ProducedItem>): ProducedItem => ({
  kind: 'activity',
  command: {},
  name: null,
  identity: {},
  seq: 1,
  taskStartedId: 3,
  order: 0,
  ...part,
});
const NOTHING = vocabularyOf([], []);

describe('commands in words', () => {
  it('names an activity, a child and a patch', () => {
    expect(wordsFor(item({ name: 'chargeCard' }), NOTHING)).toBe('`chargeCard` activity');
    expect(wordsFor(item({ kind: 'child', name: 'shipOrder' }), NOTHING)).toBe('child `shipOrder`');
    expect(wordsFor(item({ kind: 'patch', name: 'fraud' }), NOTHING)).toBe('patch `fraud`');
  });

  it('says how long a timer is, and which one a cancel ends', () => {
    const timer = item({
      kind: 'timer',
      identity: { timerId: '2' },
      command: { startTimer: { seq: 2, startToFireTimeout: { seconds: 5_400 as never } } },
    });
    const cancel = item({ kind: 'timerCancel', identity: { timerId: '2' } });

    expect(wordsFor(timer, NOTHING)).toBe('timer 1h 30m');
    expect(wordsFor(cancel, vocabularyOf([], [timer]))).toBe('cancel of timer 1h 30m');
  });

  it('keeps a name with backticks within its own', () => {
    expect(wordsFor(item({ name: 'a`b' }), NOTHING)).toBe("`a'b` activity");
  });
});
