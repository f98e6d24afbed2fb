export interface ExpenseReport {
  reportId: string;
  employee: string;
  amountCents: number;
  approvers: string[];
  answerWithin: string;
}

export interface Decision {
  approver: string;
  approved: boolean;
}

export interface ScannedReceipt {
  receiptId: string;
  amountCents: number;
}

export interface ExpenseActivities {
  askApprover(question: { reportId: string; approver: string }): Promise<void>;
  escalate(question: { reportId: string; approver: string; to: string }): Promise<void>;
  scanReceipt(receipt: { reportId: string; receiptId: string }): Promise<ScannedReceipt>;
  postComment(comment: { reportId: string; text: string }): Promise<void>;
  notifyEmployee(message: { reportId: string; employee: string; text: string }): Promise<void>;
  reserveBudget(request: { reportId: string; amountCents: number }): Promise<{ account: string }>;
  payOut(payment: { reference: string; employee: string; amountCents: number }): Promise<string>;
  bookPayment(payment: { reference: string; paymentId: string }): Promise<void>;
}
