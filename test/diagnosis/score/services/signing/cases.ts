import type { CodeChanges, Service } from '../../recording';
import type { DocumentToSign, SigningActivities } from './types';

const activities: SigningActivities = {
  prepareDocument: async () => ({ pages: 3 }),
  invite: async () => undefined,
  verifyCode: async () => ({ valid: true }),
  stampPage: async () => undefined,
  nudge: async () => undefined,
  seal: async ({ documentId }) => ({ hash: `sha-${documentId}` }),
  archive: async () => undefined,
  discard: async () => undefined,
};

const contract = (documentId: string, deadline = '30 days'): DocumentToSign => ({
  documentId,
  title: 'Rental contract',
  signers: ['uma', 'vito'],
  deadline,
});

/** As the code was while the patch was live. */
const WITH_LIVE_PATCH: CodeChanges = {
  'workflows.ts': [
    ["deprecatePatch('invite-in-parallel');\n", ''],
    [', deprecatePatch }', ', patched }'],
    [
      'await Promise.all(signers.map((signer) => paper.invite({ documentId, signer })));',
      "if (patched('invite-in-parallel')) await Promise.all(signers.map((signer) => paper.invite({ documentId, signer })));\n  else for (const signer of signers) await paper.invite({ documentId, signer });",
    ],
  ],
};

export const signing: Service = {
  name: 'signing',
  activities,
  cases: [
    {
      history: 'sealed',
      type: 'signDocument',
      args: [contract('d1')],
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.executeUpdate('sign', {
          updateId: 'uma-signs',
          args: [{ signer: 'uma', code: '1234' }],
        });
        await handle.executeUpdate('sign', {
          updateId: 'vito-signs',
          args: [{ signer: 'vito', code: '5678' }],
        });
      },
    },
    {
      history: 'declined-live-marker',
      type: 'signDocument',
      args: [contract('d2')],
      code: WITH_LIVE_PATCH,
      async drive(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.signal('remind');
        await recorder.waitFor(handle.workflowId, 'ACTIVITY_TASK_COMPLETED', 4);
        await handle.signal('decline', 'vito');
      },
    },
    { history: 'expired', type: 'signDocument', args: [contract('d3', '1 second')] },
    {
      history: 'open-one-signature',
      type: 'signDocument',
      args: [contract('d4')],
      async leaveOpen(recorder, handle) {
        await recorder.waitFor(handle.workflowId, 'TIMER_STARTED');
        await handle.executeUpdate('sign', {
          updateId: 'uma-signs',
          args: [{ signer: 'uma', code: '1234' }],
        });
      },
    },
  ],
};
