import { faultOfMessage } from '../../../src/replay/pool/check-message';
import { bareTrace } from '../../../src/replay/trace/bare-trace';

const JOB = { id: 7, file: 'h/a.json', from: 0 };
const WAITING = { job: JOB, running: null, next: 0 };
const RUNNING = { job: JOB, running: 0, next: 0 };

const RESULT = {
  file: 'h/a.json',
  history: { file: 'h/a.json', index: 0 },
  ...{ workflowId: 'w', runId: null, workflowType: 'order', verdict: 'compatible' as const },
  ...{ events: 5, verifiedEvents: 5, durationMs: 1, drift: [] },
};
const MESSAGE = { type: 'result', jobId: 7, index: 0, result: RESULT };
const STARTED = { type: 'started', jobId: 7, index: 0, partial: RESULT, isOpen: true };
const cyclic: Record<string, unknown> = { ...MESSAGE };
cyclic['result'] = cyclic;

describe('a message of a replay process', () => {
  it.each([
    ['started', STARTED, WAITING],
    ['judged', { ...MESSAGE, type: 'judged' }, RUNNING],
    ['outside', { type: 'outside', jobId: 7, index: 0, areGoingOn: true }, RUNNING],
    ['result', MESSAGE, RUNNING],
    ['result with its trace', { ...MESSAGE, trace: bareTrace(RESULT, true) }, RUNNING],
    ['done', { type: 'done', jobId: 7 }, { ...WAITING, next: 1 }],
    ['fatal', { type: 'fatal', code: null, message: 'x' }, WAITING],
  ])('%s is taken when it is due', (_, message, expected) => {
    expect(faultOfMessage(message, expected)).toBeNull();
  });

  it.each([
    ['null', null, RUNNING],
    ['text', 'result', RUNNING],
    ['a list', [], RUNNING],
    ['a cycle', cyclic, RUNNING],
    ['of no known type', { ...MESSAGE, type: 'constructor' }, RUNNING],
    ['without a result', { ...MESSAGE, result: undefined }, RUNNING],
    ['with an unknown verdict', { ...MESSAGE, result: { ...RESULT, verdict: 'fine' } }, RUNNING],
    ['with a verdict of every object', { ...MESSAGE, result: { ...RESULT, verdict: 'toString' } }, RUNNING],
    ['with a number that is none', { ...MESSAGE, result: { ...RESULT, events: NaN } }, RUNNING],
    ['with drift that is no list', { ...MESSAGE, result: { ...RESULT, drift: 'x' } }, RUNNING],
    ['with a trace that is none', { ...MESSAGE, trace: {} }, RUNNING],
    ['about another job', { ...MESSAGE, jobId: 8 }, RUNNING],
    ['about another history of the job', { ...MESSAGE, index: 1 }, RUNNING],
    ['about another file', { ...MESSAGE, result: { ...RESULT, file: 'h/b.json' } }, RUNNING],
    [
      'that names another source',
      { ...MESSAGE, result: { ...RESULT, history: { file: 'b', index: 0 } } },
      RUNNING,
    ],
    ['about calls between histories', { type: 'outside', jobId: 7, index: 0, areGoingOn: true }, WAITING],
    ['that comes a second time', MESSAGE, { ...WAITING, next: 1 }],
    ['without a job', MESSAGE, { job: null, running: null, next: 0 }],
    ['that begins a second history at once', { ...STARTED, index: 1 }, RUNNING],
    ['that is done before its result', { type: 'done', jobId: 7 }, RUNNING],
    ['that gives up with an unknown code', { type: 'fatal', code: 'NONE', message: 'x' }, RUNNING],
  ])('%s is refused', (_, message, expected) => {
    expect(faultOfMessage(message, expected)).not.toBeNull();
  });
});
