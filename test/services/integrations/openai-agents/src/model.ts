import {
  Usage,
  type Model,
  type ModelProvider,
  type ModelRequest,
  type ModelResponse,
} from '@openai/agents-core';

/** A model without a network: it asks for the temperature, then answers with it. */
class Forecaster implements Model {
  async getResponse({ input }: ModelRequest): Promise<ModelResponse> {
    const told = Array.isArray(input) && input.some((item) => item.type === 'function_call_result');
    return {
      usage: new Usage(),
      output: told
        ? [
            {
              type: 'message',
              role: 'assistant',
              status: 'completed',
              content: [{ type: 'output_text', text: 'It is mild.' }],
            },
          ]
        : [
            {
              type: 'function_call',
              callId: 'call-1',
              name: 'temperature',
              status: 'completed',
              arguments: '{"city":"Paris"}',
            },
          ],
    };
  }

  getStreamedResponse(): never {
    throw new Error('It does not stream.');
  }
}

export const modelProvider: ModelProvider = { getModel: () => new Forecaster() };
