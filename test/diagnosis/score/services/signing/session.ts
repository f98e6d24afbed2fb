import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  proxyActivities,
  setHandler,
  upsertMemo,
} from '@temporalio/workflow';
import type { DocumentToSign, Signature, SigningActivities } from './types';

export const paper = proxyActivities<SigningActivities>({
  startToCloseTimeout: '20 seconds',
  scheduleToCloseTimeout: '10 minutes',
});

export const sign = defineUpdate<string[], [Signature]>('sign');
export const decline = defineSignal<[string]>('decline');
export const remind = defineSignal('remind');
export const signedBy = defineQuery<string[]>('signedBy');

/** Who has signed, and who will not. */
export interface Session {
  signed: string[];
  declinedBy: string | null;
}

/** Handlers that answer the signers while the workflow waits. */
export function openSession({ documentId, signers }: DocumentToSign): Session {
  const session: Session = { signed: [], declinedBy: null };
  const isMissing = (signer: string): boolean => !session.signed.includes(signer);

  setHandler(signedBy, () => session.signed);
  setHandler(decline, (signer) => {
    session.declinedBy ??= signer;
  });
  setHandler(remind, async () => {
    await paper.nudge({ documentId, signers: signers.filter(isMissing) });
  });
  setHandler(
    sign,
    async ({ signer, code }) => {
      const { valid } = await paper.verifyCode({ documentId, signer, code });
      if (!valid) throw ApplicationFailure.nonRetryable(`Wrong code of ${signer}`, 'WrongCode');
      await stamp(documentId, signer);
      session.signed.push(signer);
      upsertMemo({ signed: session.signed.length });
      return session.signed;
    },
    { validator: ({ signer }) => requireSigner(signers, signer) },
  );
  return session;
}

async function stamp(documentId: string, signer: string): Promise<void> {
  await paper.stampPage({ documentId, signer });
}

function requireSigner(signers: readonly string[], signer: string): void {
  if (!signers.includes(signer))
    throw ApplicationFailure.nonRetryable(`${signer} need not sign`, 'NotASigner');
}
