import type { DeployCounts } from '../../src/model/deploy';
import { answerOf } from '../../src/versions/deploy-answer';

const NONE: DeployCounts = {
  ...{ open: 10, elsewhere: 0, ended: 0, staying: 0, moving: 10, safe: 10, represented: 0 },
  ...{ stuck: 0, failing: 0, stuckBefore: 0, unjudged: 0, notLookedAt: 0 },
  ...{ paused: 0, upgrading: 0, triedAsNew: 0, stuckAsNew: 0 },
};

describe('answerOf', () => {
  it('says yes if every run that gets the code goes on', () => {
    expect(answerOf(NONE)).toEqual({ answer: 'yes', reasons: [] });
  });

  it('says yes for runs that were stuck before, since the deploy changes nothing for them', () => {
    expect(answerOf({ ...NONE, stuckBefore: 2 }).answer).toBe('yes');
  });

  it('says no for one broken run, whatever else is unknown', () => {
    expect(answerOf({ ...NONE, stuck: 1, failing: 2, notLookedAt: 3 })).toEqual({
      answer: 'no',
      reasons: [
        '1 open run would be stuck.',
        '2 open runs would fail for good.',
        '3 open runs were not looked at.',
      ],
    });
  });

  it('says no if the next run of a pinned one would be stuck, and yes if none of those tried would be', () => {
    const tried = { ...NONE, upgrading: 50, triedAsNew: 3 };

    expect(answerOf(tried)).toEqual({ answer: 'yes', reasons: [] });
    expect(answerOf({ ...tried, stuckAsNew: 1 })).toEqual({
      answer: 'no',
      reasons: ['Of 3 pinned runs that were tried, 1 would be stuck after continue-as-new.'],
    });
  });

  it.each([
    [{ notLookedAt: 1 }, '1 open run was not looked at.'],
    [{ unjudged: 1200 }, '1,200 open runs could not be judged.'],
  ])('is not proven with %j', (counts, reason) => {
    expect(answerOf({ ...NONE, ...counts })).toEqual({ answer: 'not proven', reasons: [reason] });
  });

  it('is not proven if a history could not be had', () => {
    expect(answerOf(NONE, ['Workflow a, run b: it ends at event 3.']).answer).toBe('not proven');
  });
});
