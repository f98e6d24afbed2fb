import { nearestName } from '../../src/util/nearest-name';

it.each([
  ['chargCard', 'chargeCard'],
  ['CHARGECARD', 'chargeCard'],
  ['refund', 'refundV2'],
  ['somethingElse', undefined],
])('nearestName suggests for %s: %s', (name, expected) => {
  expect(nearestName(name, ['chargeCard', 'refundV2'])).toBe(expected);
});
