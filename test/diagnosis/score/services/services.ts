import { approvals } from './approvals/cases';
import { booking } from './booking/cases';
import { catalogImport } from './import/cases';
import { meterPolling } from './meter/cases';
import { onboarding } from './onboarding/cases';
import { signing } from './signing/cases';
import { transfer } from './transfer/cases';
import { video } from './video/cases';
import type { Service } from '../recording';

export const SERVICES: readonly Service[] = [
  transfer,
  onboarding,
  video,
  booking,
  approvals,
  meterPolling,
  signing,
  catalogImport,
];
