/**
 * The steps that make a value of a recorded payload, in their order: its retrieval from external storage, the payload codecs,
 * and the payload and failure converters in the bundle.
 */
export type DecodingStep = 'storage' | 'codec' | 'converter';

/** A recorded payload that could not be decoded. */
export interface UndecodedPayload {
  step: DecodingStep;
  /** Class of the codec or type of the storage driver; null if it has no name. */
  subject: string | null;
  /** Class of the error that was thrown. */
  errorType: string | null;
  /** Message of the error, which may hold values of the history. */
  message: string;
}

/** The part of a project's configuration that decodes payloads. */
export interface DecodingSource {
  /** The option that names a module of the project, and the absolute path of that module; null if there is none. */
  module: { option: 'dataConverter' | 'worker' | 'plugins' | 'payloadConverter'; path: string } | null;
  /** Environment variables that the configured code reads and that are likely wrong, the likeliest first. */
  variables: string[];
}
