export interface TransferRequest {
  transferId: string;
  from: string;
  to: string;
  amountCents: number;
}

export interface Approval {
  granted: boolean;
  by: string;
}

export interface Receipt {
  transferId: string;
  withdrawal: string;
  deposit: string;
}

export type TransferState = 'checking' | 'awaiting approval' | 'moving' | 'refunding' | 'done';

export interface BankActivities {
  requestApproval(request: { transferId: string; amountCents: number }): Promise<void>;
  withdraw(movement: { account: string; amountCents: number; reference: string }): Promise<string>;
  deposit(movement: { account: string; amountCents: number; reference: string }): Promise<string>;
  refund(movement: { account: string; amountCents: number; reference: string }): Promise<string>;
  sendReceipt(receipt: Receipt): Promise<void>;
  recordLoss(loss: { transferId: string; reason: string }): Promise<void>;
}

export interface LimitActivities {
  checkLimits(request: TransferRequest): Promise<{ needsApproval: boolean }>;
}
