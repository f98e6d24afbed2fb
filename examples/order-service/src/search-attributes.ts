import { defineSearchAttributeKey } from '@temporalio/common';

/** Register both with the namespace before the first run: `temporal operator search-attribute create`. */
export const ORDER_STATUS = defineSearchAttributeKey('OrderStatus', 'KEYWORD');
export const CUSTOMER_ID = defineSearchAttributeKey('CustomerId', 'KEYWORD');
