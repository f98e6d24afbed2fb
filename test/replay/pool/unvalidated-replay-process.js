/** A replay process that skips validation, so that malformed histories reach core too. For pool.test.ts. */
require('../../../lib/history/validate/validate').validateHistory = () => null;
require('../../../lib/replay/pool/replay-process-main');
