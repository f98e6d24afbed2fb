import type { Verdict } from '../../src/model/verdict';

/**
 * Edits of the example's workflows, as people make them. `expected.json` beside this file holds the verdict and event id of
 * the recorded histories for each edit; a history that it does not name is compatible.
 */
export interface Edit {
  name: string;
  /** Effect that a Temporal developer would expect of the edit before any replay. */
  kind: 'breaking' | 'safe' | 'drifting' | 'throwing' | 'looping';
  /** Verdicts of some histories beside that of the kind. */
  also?: readonly Verdict[];
  /** Below `examples/order-service/src/workflows`. */
  file: string;
  changes: readonly (readonly [before: string, after: string])[];
}

const edit = (kind: Edit['kind'], name: string, file: string, ...changes: [string, string][]): Edit => ({
  name,
  kind,
  file,
  changes,
});

const ORDER = 'process-order.ts';
const SHIP = 'ship-order.ts';
const REFUND = 'refund-order.ts';
const LOYALTY = 'loyalty-account.ts';
const RESTOCK = 'restock-inventory.ts';
const SUBSCRIPTION = 'subscription.ts';
const OPTIONS = 'activities.ts';
const SAGA = 'saga.ts';

const RESERVE = 'await activities.reserveInventory({ orderId, items });';
const BOOK = 'await activities.bookPickup({ shipmentId, items });';
const LABEL = 'const { trackingNumber } = await activities.createLabel({ shipmentId, address });';
const GOODBYE =
  "await activities.sendEmail({ emailId: `${subscriptionId}-goodbye`, customerId, template: 'goodbye' });";

export const EDITS: readonly Edit[] = [
  // Other commands than recorded, without patched().
  edit('breaking', 'an activity is removed', SHIP, [BOOK, '']),
  edit('breaking', 'an activity is added in the middle', SHIP, [
    BOOK,
    "await activities.sendEmail({ emailId: shipmentId, customerId: input.customerId, template: 'x' } as never);\n    " +
      BOOK,
  ]),
  edit('breaking', 'an activity is added at the end', SUBSCRIPTION, [
    GOODBYE,
    `${GOODBYE}\n  await activities.sendEmail({ emailId: 'again', customerId, template: 'goodbye' });`,
  ]),
  edit(
    'breaking',
    'two activities change places',
    SHIP,
    [LABEL, '/*1*/'],
    [BOOK, `${BOOK}\n    ${LABEL}`],
    ['/*1*/', ''],
  ),
  edit('breaking', 'another activity is called', REFUND, [
    'activities.refundPayment({',
    'activities.chargePayment({',
  ]),
  edit('breaking', 'a timer is added before the first step', SHIP, [
    LABEL,
    `await (await import('@temporalio/workflow')).sleep('1 minute');\n    ${LABEL}`,
  ]),
  edit('breaking', 'a timer is removed', SUBSCRIPTION, ['await sleep(Math.ceil(Math.random() * 100));', '']),
  edit('breaking', 'condition loses its timeout', SHIP, [
    "condition(() => status === 'delivered' || status === 'lost', input.deliveryTimeout)",
    "condition(() => status === 'delivered' || status === 'lost').then(() => true)",
  ]),
  edit('breaking', 'condition gains a timeout', REFUND, [
    'await condition(() => review !== undefined);',
    "await condition(() => review !== undefined, '1 day');",
  ]),
  edit(
    'breaking',
    'a local activity becomes an ordinary one',
    OPTIONS,
    [
      'export const { quoteTax } = proxyLocalActivities<Activities>({',
      'export const { quoteTax } = proxyActivities<Activities>({',
    ],
    ["  localRetryThreshold: '1 second',\n", ''],
  ),
  edit('breaking', 'an ordinary activity becomes a local one', RESTOCK, [
    'await activities.receiveStock({ purchaseId });',
    'await activities.readStockLevels({ skus: [purchaseId] });',
  ]),
  edit('breaking', 'a local activity is removed', ORDER, [
    'const { taxCents } = await activities.quoteTax({ region: order.region, netCents });',
    'const taxCents = 0;',
  ]),
  edit('breaking', 'a live patch is removed', ORDER, ["if (patched('assess-fraud')) {", 'if (true) {']),
  edit('breaking', 'a patch is renamed', ORDER, ["patched('assess-fraud')", "patched('fraud-check')"]),
  edit('breaking', 'the branches of a patch are exchanged', ORDER, [
    "if (patched('assess-fraud'))",
    "if (!patched('assess-fraud'))",
  ]),
  edit('breaking', 'the child gets another id', ORDER, [
    'workflowId: `${workflowInfo().workflowId}-shipment`',
    'workflowId: `${workflowInfo().workflowId}-parcel`',
  ]),
  edit(
    'breaking',
    'the child becomes an activity',
    ORDER,
    [
      'const { trackingNumber } = await executeChild(shipOrder, {',
      "const { trackingNumber } = await activities.verifyAddress({ address }).then(() => ({ trackingNumber: 't' })) as never;\n    void (() => executeChild(shipOrder, {",
    ],
    [
      'parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,\n    });',
      'parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,\n    }));',
    ],
  ),
  edit('breaking', 'search attributes are no longer set', ORDER, [
    'upsertSearchAttributes([{ key: ORDER_STATUS, value: next }]);',
    '',
  ]),
  edit(
    'breaking',
    'the memo is set later',
    ORDER,
    ['upsertMemo({ totalCents });', ''],
    [RESERVE, `${RESERVE}\n    upsertMemo({ totalCents });`],
  ),
  edit('breaking', 'compensation in the order of the steps', SAGA, [
    'this.#compensations.unshift(',
    'this.#compensations.push(',
  ]),
  edit('breaking', 'compensation stops being exempt from cancellation', SAGA, [
    'CancellationScope.nonCancellable(',
    'CancellationScope.cancellable(',
  ]),
  edit('breaking', 'no compensation', SHIP, ['await saga.compensate();', '']),
  edit('breaking', 'an external cancel becomes no cancel', REFUND, [
    'if (input.orderWorkflowId) await cancelOrder(input.orderWorkflowId);',
    '',
  ]),
  edit('breaking', 'it completes instead of continuing as new', LOYALTY, [
    'await continueAsNew<typeof loyaltyAccount>({ customerId, entriesPerRun, points, pending, closing });',
    'return { points };',
  ]),
  edit('breaking', 'smaller batches', RESTOCK, ['batchSize = 4 }', 'batchSize = 2 }']),
  edit('breaking', 'an error is swallowed', SHIP, [
    '    await saga.compensate();\n    throw err;',
    "    await saga.compensate();\n    return { shipmentId, trackingNumber: '' };",
  ]),
  edit('breaking', 'a business failure earlier', ORDER, [
    RESERVE,
    `if (totalCents > 0) throw ApplicationFailure.nonRetryable('no', 'No');\n    ${RESERVE}`,
  ]),
  edit('breaking', 'an activity is abandoned on cancellation', OPTIONS, [
    'cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED',
    'cancellationType: ActivityCancellationType.ABANDON',
  ]),
  edit(
    'breaking',
    'later timers get other ids, by one that is cancelled before it was sent',
    SHIP,
    [
      LABEL,
      `const brief = new CancellationScope();\n    const nap = brief.run(() => condition(() => false, '1 minute')).catch(() => undefined);\n    brief.cancel();\n    await nap;\n    ${LABEL}`,
    ],
    ['  ApplicationFailure,\n', '  ApplicationFailure,\n  CancellationScope,\n'],
  ),

  // The same commands, or a change behind patched().
  edit('safe', 'a log line is added', SHIP, [LABEL, `log.info('labelling', { shipmentId });\n    ${LABEL}`]),
  edit(
    'safe',
    'a variable is renamed',
    RESTOCK,
    ['const missing = levels', 'const lacking = levels'],
    ['start < missing.length', 'start < lacking.length'],
    ['missing.slice(', 'lacking.slice('],
  ),
  edit(
    'safe',
    'a step is extracted into a function',
    SHIP,
    [BOOK, 'await book();'],
    [
      '  try {\n    saga',
      '  const book = async (): Promise<void> => {\n    await activities.bookPickup({ shipmentId, items });\n  };\n  try {\n    saga',
    ],
  ),
  edit('safe', 'a query is added', LOYALTY, [
    'setHandler(pointsBalance, () => points);',
    "setHandler(pointsBalance, () => points);\n  setHandler(defineQuery<number>('entries'), () => entries);",
  ]),
  edit('safe', 'a signal is added', SHIP, [
    'setHandler(shipmentStatus, () => status);',
    "setHandler(shipmentStatus, () => status);\n  setHandler(defineSignal('hurry'), () => log.info('hurry'));",
  ]),
  edit(
    'safe',
    'an activity is added behind patched()',
    SHIP,
    [LABEL, `if (patched('verify-first')) await activities.verifyAddress({ address });\n    ${LABEL}`],
    ['  log,\n', '  log,\n  patched,\n'],
  ),
  edit(
    'safe',
    'an activity is removed behind patched()',
    SHIP,
    [BOOK, `if (!patched('no-pickup')) ${BOOK}`],
    ['  log,\n', '  log,\n  patched,\n'],
  ),
  edit(
    'safe',
    'two activities change places behind patched()',
    REFUND,
    [
      'result = { refundId, refundedCents };',
      "if (patched('double-mail')) await activities.sendEmail({ emailId: 'x', customerId, template: 'refund' });\n  result = { refundId, refundedCents };",
    ],
    ['  log,\n', '  log,\n  patched,\n'],
  ),
  edit('safe', 'a deprecated patch is removed where no live marker is left', SHIP, [
    "// Version 1 still had deprecatePatch('label-before-pickup') here: no run from before that change is left.\n",
    '',
  ]),
  edit(
    'safe',
    'a timer that is cancelled before it was sent, with none after it',
    RESTOCK,
    [
      'const missing = levels',
      "const brief = new CancellationScope();\n  const nap = brief.run(() => condition(() => false, '1 minute')).catch(() => undefined);\n  brief.cancel();\n  await nap;\n  const missing = levels",
    ],
    ['  ApplicationFailure,\n', '  ApplicationFailure,\n  condition,\n'],
  ),
  edit('safe', 'a wait for what is so already', RESTOCK, [
    'const missing = levels',
    'await Promise.resolve();\n  const missing = levels',
  ]),
  edit('safe', 'the validator of an update is stricter', LOYALTY, [
    'if (redemption.points > points) {',
    'if (redemption.points > points || redemption.points < 0) {',
  ]),

  // The same commands with other content.
  edit('drifting', 'a longer timer', SUBSCRIPTION, [
    'Math.ceil(Math.random() * 100)',
    '100 + Math.ceil(Math.random() * 100)',
  ]),
  edit('drifting', 'another retry policy', OPTIONS, ['maximumAttempts: 4,', 'maximumAttempts: 9,']),
  edit('drifting', 'another timeout', OPTIONS, [
    "  startToCloseTimeout: '2 minutes',\n  scheduleToCloseTimeout: '10 minutes',",
    "  startToCloseTimeout: '3 minutes',\n  scheduleToCloseTimeout: '10 minutes',",
  ]),
  edit('drifting', 'no schedule-to-close timeout', OPTIONS, [
    "  startToCloseTimeout: '30 seconds',\n  scheduleToCloseTimeout: '1 hour',",
    "  startToCloseTimeout: '30 seconds',",
  ]),
  edit('drifting', 'another heartbeat timeout', OPTIONS, [
    "heartbeatTimeout: '10 seconds'",
    "heartbeatTimeout: '20 seconds'",
  ]),
  edit('drifting', 'another task queue', OPTIONS, [
    'export const { createLabel, bookPickup } = proxyActivities<Activities>({',
    "export const { createLabel, bookPickup } = proxyActivities<Activities>({\n  taskQueue: 'carrier',",
  ]),
  edit('drifting', 'another input of an activity', SHIP, [
    BOOK,
    'await activities.bookPickup({ shipmentId, items: [...items, ...items] });',
  ]),
  edit('drifting', 'another input of a child', ORDER, ["'14 days'", "'21 days'"]),
  edit('drifting', 'another parent close policy', ORDER, [
    'parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL',
    'parentClosePolicy: ParentClosePolicy.ABANDON',
  ]),
  edit('drifting', 'another memo', ORDER, [
    'upsertMemo({ totalCents });',
    'upsertMemo({ totalCents: totalCents / 100 });',
  ]),
  edit('drifting', 'another search attribute value', ORDER, [
    "setStatus('paying');",
    "setStatus('received');",
  ]),
  edit('drifting', 'another signal', ORDER, [
    '.signal(earnPoints, { entryId: orderId, points });',
    ".signal('earn', { entryId: orderId, points });",
  ]),
  edit('drifting', 'another signal target', ORDER, [
    'getExternalWorkflowHandle(`loyalty-${customerId}`)',
    'getExternalWorkflowHandle(`points-${customerId}`)',
  ]),
  edit('drifting', 'another cancel target', REFUND, [
    'getExternalWorkflowHandle(workflowId).cancel()',
    'getExternalWorkflowHandle(`${workflowId}-x`).cancel()',
  ]),
  edit('drifting', 'another result', SHIP, [
    'return { shipmentId, trackingNumber };',
    'return { shipmentId, trackingNumber: trackingNumber.toLowerCase() };',
  ]),
  edit('drifting', 'another failure message', ORDER, ['`Fraud score ${score}`', '`Fraud: ${score}`']),
  edit('drifting', 'another input of the next run', LOYALTY, [
    '({ customerId, entriesPerRun, points, pending, closing })',
    '({ customerId, entriesPerRun, points: points + 1, pending, closing })',
  ]),
  {
    // Some histories end after the first step failed: there, the second step is a command too many.
    also: ['incompatible'],
    ...edit(
      'drifting',
      'sequential steps made parallel',
      SHIP,
      [
        LABEL,
        'const [{ trackingNumber }] = await Promise.all([activities.createLabel({ shipmentId, address }),',
      ],
      [BOOK, 'activities.bookPickup({ shipmentId, items })]);'],
    ),
  },

  // The code throws.
  edit('throwing', 'a TypeError at the start', REFUND, [
    'const refundId = uuid4();',
    'const refundId = uuid4();\n  (undefined as never as { x(): void }).x();',
  ]),
  edit('throwing', 'a TypeError in the middle', RESTOCK, [
    'const missing = levels',
    'const missing = (levels as never as { rows: typeof levels }).rows',
  ]),
  edit('throwing', 'a type that is no longer exported', 'index.ts', ["export * from './subscription';", '']),
  edit('throwing', 'a renamed type', RESTOCK, [
    'export async function restockInventory(',
    'export async function restockWarehouse(',
  ]),

  edit('looping', 'an endless loop', REFUND, [
    'const refundId = uuid4();',
    'const refundId = uuid4();\n  for (;;);',
  ]),
];
