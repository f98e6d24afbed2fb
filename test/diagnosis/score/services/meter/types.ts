export interface MeterState {
  meterId: string;
  site: string;
  every: string;
  roundsPerRun: number;
  limitKw: number;
  total?: number;
}

export interface Alarm {
  meterId: string;
  kw: number;
}

export interface MeterActivities {
  readMeter(meter: { meterId: string; round: number }): Promise<{ kw: number }>;
  storeReading(reading: { meterId: string; kw: number }): Promise<void>;
  resetMeter(meter: { meterId: string }): Promise<void>;
  dispatchTechnician(job: { site: string; meterId: string }): Promise<string>;
  closeTicket(ticket: { ticket: string }): Promise<void>;
}
