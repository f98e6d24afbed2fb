import type { Duration } from '@temporalio/common';

/** Inputs and results of workflows and activities: one object each, so that fields can be added later. Money is in cents. */

export type OrderStatus =
  'received' | 'awaiting-approval' | 'paying' | 'shipping' | 'completed' | 'failed' | 'cancelled';

export interface OrderItem {
  sku: string;
  quantity: number;
}

export interface Address {
  street: string;
  postalCode: string;
  country: string;
}

export interface OrderInput {
  orderId: string;
  customerId: string;
  items: OrderItem[];
  paymentToken: string;
  address: Address;
  /** Tax region, see sandbox.ts. */
  region: string;
  /** Send points to the customer's loyalty account once the order is complete. */
  loyaltyMember?: boolean;
  /** Orders above this need a person's approval. @default 100_000 */
  approvalAboveCents?: number;
  /** Time limit for that person. @default '24 hours' */
  approvalTimeout?: Duration;
  /** Time limit for the carrier. @default '14 days' */
  deliveryTimeout?: Duration;
}

export interface OrderResult {
  orderId: string;
  totalCents: number;
  paymentId: string;
  trackingNumber: string;
}

export interface PaymentDecision {
  approved: boolean;
  by: string;
}

export interface ShipmentInput {
  shipmentId: string;
  orderId: string;
  customerId: string;
  items: OrderItem[];
  address: Address;
  deliveryTimeout: Duration;
}

export type ShipmentStatus = 'preparing' | 'in-transit' | 'delivered' | 'lost';

export interface CarrierUpdate {
  status: Exclude<ShipmentStatus, 'preparing'>;
  note?: string;
}

export interface ShipmentResult {
  shipmentId: string;
  trackingNumber: string;
}

export interface RefundInput {
  orderId: string;
  customerId: string;
  amountCents: number;
  reason: string;
  /** Workflow of the order if it may still run: it is cancelled first. */
  orderWorkflowId?: string;
  /** Refunds above this wait for the `reviewRefund` update. @default 20_000 */
  reviewAboveCents?: number;
}

export interface RefundReview {
  reviewer: string;
  approved: boolean;
  /** Refunded amount, at most the requested one. */
  amountCents: number;
}

export interface RefundResult {
  refundId: string;
  refundedCents: number;
}

export interface LoyaltyInput {
  customerId: string;
  points: number;
  /** Earnings and redemptions that one run takes before it continues as new. @default 500 */
  entriesPerRun?: number;
  /** Handed from run to run. */
  pending?: PointsEarned[];
  closing?: boolean;
}

export interface PointsEarned {
  entryId: string;
  points: number;
}

export interface Redemption {
  redemptionId: string;
  points: number;
}

export interface Voucher {
  code: string;
  valueCents: number;
}

export interface RestockInput {
  warehouse: string;
  skus: string[];
  /** Fill each one up to this. */
  target: number;
  /** Purchases at once. @default 4 */
  batchSize?: number;
}

export interface RestockResult {
  purchases: number;
  units: number;
}

export interface SubscriptionInput {
  subscriptionId: string;
  customerId: string;
  plan: SubscriptionPlan;
  address: Address;
  paymentToken: string;
  region: string;
  period: Duration;
  trial?: Duration;
  /** Boxes that one run sends before it continues as new. @default 12 */
  renewalsPerRun?: number;
  /** Ends by itself after this many boxes. */
  maxRenewals?: number;
  /** Handed from run to run. */
  renewals?: number;
}

export interface SubscriptionPlan {
  name: string;
  items: OrderItem[];
}
