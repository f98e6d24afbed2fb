import {
  CompositePayloadConverter,
  JsonPayloadConverter,
  METADATA_ENCODING_KEY,
  type Payload,
  type PayloadConverterWithEncoding,
  UndefinedPayloadConverter,
} from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding';
import { Money } from './money';

class MoneyConverter implements PayloadConverterWithEncoding {
  readonly encodingType = 'text/money';

  toPayload(value: unknown): Payload | undefined {
    if (!(value instanceof Money)) return undefined;
    return {
      metadata: { [METADATA_ENCODING_KEY]: encode(this.encodingType) },
      data: encode(String(value.cents)),
    };
  }

  fromPayload<T>({ data }: Payload): T {
    return new Money(BigInt(decode(data!))) as T;
  }
}

export const payloadConverter = new CompositePayloadConverter(
  new UndefinedPayloadConverter(),
  new MoneyConverter(),
  new JsonPayloadConverter(),
);
