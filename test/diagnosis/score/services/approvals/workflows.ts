export * from './expense-report';
export * from './reimbursement';
