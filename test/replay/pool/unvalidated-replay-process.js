/** A replay process as it is, but for one thing: it gives every history to core, the malformed ones too. For pool.test.ts. */
require('../../../lib/history/validate/validate').validateHistory = () => null;
require('../../../lib/replay/pool/replay-process-main');
