import { Model, type BaseModelConfig, type Message, type ModelStreamEvent } from '@strands-agents/sdk';

/** A model without a network: it asks for the temperature, then answers with it. */
export class Forecaster extends Model<BaseModelConfig> {
  updateConfig(): void {}

  getConfig(): BaseModelConfig {
    return {};
  }

  async *stream(messages: Message[]): AsyncIterable<ModelStreamEvent> {
    const told = messages.some(({ content }) => content.some(({ type }) => type === 'toolResultBlock'));
    yield { type: 'modelMessageStartEvent', role: 'assistant' };
    if (told) {
      yield { type: 'modelContentBlockStartEvent' };
      yield { type: 'modelContentBlockDeltaEvent', delta: { type: 'textDelta', text: 'It is mild.' } };
    } else {
      yield {
        type: 'modelContentBlockStartEvent',
        start: { type: 'toolUseStart', name: 'temperature', toolUseId: 'call-1' },
      };
      yield {
        type: 'modelContentBlockDeltaEvent',
        delta: { type: 'toolUseInputDelta', input: '{"city":"Paris"}' },
      };
    }
    yield { type: 'modelContentBlockStopEvent' };
    yield { type: 'modelMessageStopEvent', stopReason: told ? 'endTurn' : 'toolUse' };
  }
}
