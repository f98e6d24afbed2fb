export * from './process-order';
export * from './ship-order';
export * from './refund-order';
export * from './loyalty-account';
export * from './restock-inventory';
export * from './subscription';
