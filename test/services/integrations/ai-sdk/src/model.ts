import type { LanguageModelV4, LanguageModelV4Content, ProviderV4 } from '@ai-sdk/provider';

/** A model without a network: it asks for the temperature, then answers with it. */
const model = (modelId: string): LanguageModelV4 => ({
  specificationVersion: 'v4',
  provider: 'made-up',
  modelId,
  supportedUrls: {},
  async doGenerate({ prompt }) {
    const told = prompt.some(({ role }) => role === 'tool');
    const content: LanguageModelV4Content = told
      ? { type: 'text', text: 'It is mild.' }
      : { type: 'tool-call', toolCallId: 'call-1', toolName: 'temperature', input: '{"city":"Paris"}' };
    return {
      content: [content],
      finishReason: { unified: told ? 'stop' : 'tool-calls', raw: undefined },
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: 1, text: 1, reasoning: undefined },
      },
      warnings: [],
    };
  },
  doStream() {
    throw new Error('It does not stream.');
  },
});

export const modelProvider = { specificationVersion: 'v4', languageModel: model } as ProviderV4;
