export interface DocumentToSign {
  documentId: string;
  title: string;
  signers: string[];
  deadline: string;
}

export interface Signature {
  signer: string;
  code: string;
}

export interface SigningActivities {
  prepareDocument(document: { documentId: string; title: string }): Promise<{ pages: number }>;
  invite(invitation: { documentId: string; signer: string }): Promise<void>;
  verifyCode(signature: { documentId: string; signer: string; code: string }): Promise<{ valid: boolean }>;
  stampPage(stamp: { documentId: string; signer: string }): Promise<void>;
  nudge(reminder: { documentId: string; signers: string[] }): Promise<void>;
  seal(document: { documentId: string; signers: string[] }): Promise<{ hash: string }>;
  archive(document: { documentId: string; hash: string }): Promise<void>;
  discard(document: { documentId: string; reason: string }): Promise<void>;
}
