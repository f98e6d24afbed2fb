import * as nexus from 'nexus-rpc';

export const EveryService = nexus.service('EveryService', {
  sync: nexus.operation<string, string>(),
  async: nexus.operation<string, string>(),
  slow: nexus.operation<string, string>(),
  fail: nexus.operation<string, string>(),
  hang: nexus.operation<string, string>(),
});
