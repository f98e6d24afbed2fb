import { type SdkWorkflow, type SdkWorkflowCreator, overriding } from '../../../sdk/workflow-creator';
import { isWellFormed, wellFormed } from '../../../util/well-formed';

/**
 * Returns a creator whose workflows answer with texts that UTF-8 can hold. Core does not take an answer that has half of a surrogate
 * pair, such as in the message of an error, and then waits for another one: the replay would look like an endless loop.
 */
export function withEncodableAnswers(creator: SdkWorkflowCreator): SdkWorkflowCreator {
  const createWorkflow: SdkWorkflowCreator['createWorkflow'] = async (options) => {
    const workflow = await creator.createWorkflow(options);
    const activate: SdkWorkflow['activate'] = async (activation) => {
      const completion = await workflow.activate(activation);
      makeEncodable(completion);
      return completion;
    };
    return overriding(workflow, { activate });
  };
  return overriding(creator, { createWorkflow });
}

/** Puts U+FFFD in place of lone halves of surrogate pairs in all texts and keys of a message, as encoders of UTF-8 do. */
export function makeEncodable(message: object): void {
  for (const [key, value] of Object.entries(message) as [string, unknown][]) {
    const text = typeof value === 'string' && !isWellFormed(value) ? wellFormed(value) : value;
    if (text !== value || !isWellFormed(key)) {
      Reflect.deleteProperty(message, key);
      Object.assign(message, { [wellFormed(key)]: text });
    }
    if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) makeEncodable(value);
  }
}
