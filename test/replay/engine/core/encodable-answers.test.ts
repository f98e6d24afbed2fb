import { coresdk } from '@temporalio/proto';
import { makeEncodable } from '../../../../src/replay/engine/core/encodable-answers';

const HALF = '\ud800';

it('replaces lone halves of surrogate pairs in the texts and keys of an answer', () => {
  const payload = { metadata: {}, data: new Uint8Array([0xed, 0xa0, 0x80]) };
  const completion = {
    runId: 'r1',
    failed: { failure: { message: `bad ${HALF}`, cause: { message: HALF }, stackTrace: 'at w 😀' } },
    commands: [{ setPatchMarker: { patchId: `p${HALF}` }, memo: { [`k${HALF}`]: payload } }],
  };

  makeEncodable(completion);

  expect(completion).toEqual({
    runId: 'r1',
    failed: { failure: { message: 'bad \ufffd', cause: { message: '\ufffd' }, stackTrace: 'at w 😀' } },
    commands: [{ setPatchMarker: { patchId: 'p\ufffd' }, memo: { 'k\ufffd': payload } }],
  });
});

it('leaves an answer as it is otherwise', () => {
  const answer = { runId: 'r1', successful: { commands: [{ startTimer: { seq: 1 } }] } };
  const completion = coresdk.workflow_completion.WorkflowActivationCompletion.create(answer);

  makeEncodable(completion);

  expect(completion).toEqual(coresdk.workflow_completion.WorkflowActivationCompletion.create(answer));
});
