// Version 1 of the service: only what has changed since is here.
export * from './process-order';
export * from './ship-order';
export * from './refund-order';
export * from './subscription';
export * from '../../../src/workflows/loyalty-account';
export * from '../../../src/workflows/restock-inventory';
