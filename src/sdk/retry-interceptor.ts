import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';

/**
 * Returns the SDK's interceptor that retries calls, which does not retry once `isOver` returns true. The SDK (1.24) throws in a timer
 * if it retries a call after its connection was closed.
 */
export function retryInterceptor(isOver: () => boolean): ReturnType<typeof makeGrpcRetryInterceptor> {
  const retries = defaultGrpcRetryOptions();
  const retryableDecider: typeof retries.retryableDecider = (attempt, status) =>
    !isOver() && retries.retryableDecider(attempt, status);
  return makeGrpcRetryInterceptor({ ...retries, retryableDecider });
}
