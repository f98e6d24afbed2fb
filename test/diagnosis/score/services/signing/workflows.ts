import { allHandlersFinished, ApplicationFailure, condition, deprecatePatch } from '@temporalio/workflow';
import { openSession, paper, type Session } from './session';
import type { DocumentToSign } from './types';

export type SigningResult = { status: 'sealed'; hash: string } | { status: 'expired'; signed: number };

export async function signDocument(document: DocumentToSign): Promise<SigningResult> {
  const { documentId, title, signers } = document;
  const session = openSession(document);

  await paper.prepareDocument({ documentId, title });
  deprecatePatch('invite-in-parallel');
  await Promise.all(signers.map((signer) => paper.invite({ documentId, signer })));

  const inTime = await condition(() => isSettled(document, session), document.deadline as '1 second');
  await condition(allHandlersFinished);
  if (session.declinedBy !== null) {
    await paper.discard({ documentId, reason: 'declined' });
    throw ApplicationFailure.nonRetryable(`Declined by ${session.declinedBy}`, 'Declined');
  }
  if (!inTime) {
    await paper.discard({ documentId, reason: 'expired' });
    return { status: 'expired', signed: session.signed.length };
  }

  const { hash } = await paper.seal({ documentId, signers });
  await paper.archive({ documentId, hash });
  return { status: 'sealed', hash };
}

const isSettled = ({ signers }: DocumentToSign, { signed, declinedBy }: Session): boolean =>
  declinedBy !== null || signed.length === signers.length;
