import { driftText } from '../../../src/report/text/drift-text';

describe('driftText', () => {
  it('shows durations as people say them', () => {
    const timer = { eventId: 5, path: 'startToFireTimeout', recorded: '2592000s', produced: '1209600s' };
    const retry = { eventId: 7, path: 'retryPolicy.initialInterval', recorded: '1.5s', produced: null };

    expect(driftText(timer)).toBe('event 5: startToFireTimeout: 30 days → 14 days');
    expect(driftText(retry)).toBe('event 7: retryPolicy.initialInterval: 1.5s → null');
  });

  it('leaves payloads as they are', () => {
    const drift = { eventId: 5, path: 'input[0].timeout', recorded: '2592000s', produced: 5 };

    expect(driftText(drift)).toBe('event 5: input[0].timeout: "2592000s" → 5');
  });
});
