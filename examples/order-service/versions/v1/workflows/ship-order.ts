import {
  ApplicationFailure,
  condition,
  defineQuery,
  defineSignal,
  deprecatePatch,
  log,
  setHandler,
  TemporalFailure,
} from '@temporalio/workflow';
import type { CarrierUpdate, ShipmentInput, ShipmentResult, ShipmentStatus } from '../../../src/types';
import * as activities from '../../../src/workflows/activities';
import { Saga } from '../../../src/workflows/saga';

export const shipmentStatus = defineQuery<ShipmentStatus>('shipmentStatus');
export const carrierUpdate = defineSignal<[CarrierUpdate]>('carrierUpdate');

/** A parcel from its label to its delivery, which the carrier's webhook reports with `carrierUpdate`. */
export async function shipOrder(input: ShipmentInput): Promise<ShipmentResult> {
  const { shipmentId, address, items } = input;
  const saga = new Saga();
  let status = 'preparing' as ShipmentStatus;

  setHandler(shipmentStatus, () => status);
  setHandler(carrierUpdate, (update) => {
    status = update.status;
    log.info('carrier update', { shipmentId, status });
  });

  try {
    saga.onFailure('voidLabel', () => activities.voidLabel({ shipmentId }));
    deprecatePatch('label-before-pickup');
    const { trackingNumber } = await activities.createLabel({ shipmentId, address });
    await activities.bookPickup({ shipmentId, items });

    if (!(await condition(() => status === 'delivered' || status === 'lost', input.deliveryTimeout))) {
      throw ApplicationFailure.nonRetryable('The carrier has not delivered in time', 'DeliveryOverdue');
    }
    if (status !== 'delivered')
      throw ApplicationFailure.nonRetryable('The carrier lost the parcel', 'ParcelLost');
    return { shipmentId, trackingNumber };
  } catch (err) {
    if (!(err instanceof TemporalFailure)) throw err;
    await saga.compensate();
    throw err;
  }
}
