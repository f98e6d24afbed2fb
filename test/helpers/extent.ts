/**
 * True for tests of everything, as every night (`TEST_EXTENT=all`). By default, tables whose rows take seconds each are tested by
 * those rows that no other test resembles.
 */
export const isWhole = process.env['TEST_EXTENT'] === 'all';
