describe('the internals of @temporalio/worker that bundleSourceMaps relies on', () => {
  it('keep the source maps of bundles by file name', () => {
    const shared = require('@temporalio/worker/lib/workflow/vm-shared') as {
      globalHandlers: { bundleFilenameToSourceMapConsumer: unknown };
    };

    expect(shared.globalHandlers.bundleFilenameToSourceMapConsumer).toBeInstanceOf(Map);
  });
});
