import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { globSync } from 'tinyglobby';
import { decodeHistories } from '../../../src/history/decode';
import { detailsOf } from '../../../src/history/entry-details';
import { overviewOf } from '../../../src/history/overview';
import { openScreen } from '../../../src/report/screen';
import { paintFor } from '../../../src/report/text/paint';
import { formatTimeline } from '../../../src/report/text/timeline-text';

const ROOT = join(__dirname, '../../..');

interface Options {
  width?: number;
  all?: boolean;
  values?: boolean;
  color?: boolean;
}

function show(
  json: string,
  { width = 100, all = false, values = true, color = false }: Options = {},
): string {
  const [decoded] = decodeHistories({ file: 'order.json', bytes: Buffer.from(json) });
  if (!decoded?.history) throw new Error(decoded?.problem?.message);
  const overview = overviewOf(decoded);
  const details = detailsOf(overview.entries, decoded.history.events!, { values });
  let text = '';
  const screen = openScreen(
    { out: (part) => void (text += part), err: () => undefined },
    { isTerminal: false, color },
  );
  screen.print(formatTimeline(overview, details, { width, all, paint: paintFor(color) }));
  return text;
}

const recorded = (name: string): string => {
  const [file] = globSync(`histories/*/${name}_*.json`, { cwd: ROOT });
  return readFileSync(join(ROOT, file!), 'utf8');
};

describe('formatTimeline', () => {
  it('shows the ids of the run, then a line for each entry', () => {
    expect(show(recorded('order-payment-down'))).toBe(`processOrder
  file        order.json
  workflow    order-payment-down
  run         01a20e3f-472d-7ac2-a03c-76d801c03c21
  task queue  orders
  status      ✗ failed after 5.7s
  started     2026-11-24 15:49:17.741 UTC
  events      42
  sdk         temporal-typescript 1.24.0
  patches     assess-fraud

  1           0s  · workflow processOrder                                    ({"orderId":"order-pay…
  5       +770ms  ✓ local activity priceOrder                                → {"netCents":3290}
  6       +770ms  ✓ local activity quoteTax                                  → {"taxCents":625}
  7       +770ms  · memo totalCents                                          = 3915
  8-10    +770ms  ✓ activity reserveInventory      74ms                      ({"orderId":"or… → null
  14, 15     +1s  · patch assess-fraud
  16-18      +1s  ✓ activity assessFraud           120ms                     ({"orderId… → {"score"…
  22       +1.3s  · search attributes OrderStatus                            = "paying"
  23-25    +1.3s  ✗ activity chargePayment         failed, 4.3s, 4 attempts  ({"orderId":"order-pay…
                    Unavailable: Payment provider is unavailable
  29-31    +5.6s  ✓ activity refundPayment         4ms                       ({"refundI… → {"refund…
  35-37    +5.7s  ✓ activity releaseInventory      3ms                       ({"orderId":"or… → null
  41       +5.7s  · search attributes OrderStatus                            = "failed"
  42       +5.7s  ✗ workflow failed
                    activity chargePayment: Unavailable: Payment provider is unavailable

  6 workflow tasks completed and are not shown (--all shows them)
`);
  });

  it('shows why an activity was retried, and only workflow tasks that did not complete', () => {
    const flaky = show(recorded('order-payment-flaky'));
    const died = show(recorded('order-worker-died'));

    expect(flaky).toMatch(/chargePayment +2\.2s, 3 attempts.*\n +before: Unavailable: Payment provider/);
    expect(flaky).not.toMatch(/✓ workflow task/);
    expect(died).toMatch(/^ {2}2-4 +0s {2}✗ workflow task +timed out, 1\.2s\n +start to close timeout$/m);
  });

  it('shows every workflow task with the option all', () => {
    const text = show(recorded('order-payment-flaky'), { all: true });

    expect(text.match(/✓ workflow task/g)).toHaveLength(7);
    expect(text).not.toContain('not shown');
  });

  it('shows no value where they are to be hidden, and of failures the class alone', () => {
    const text = show(recorded('order-payment-down'), { values: false });

    expect(text).toContain('· search attributes OrderStatus\n');
    expect(text).toContain('✓ local activity priceOrder\n');
    expect(text).toMatch(/activity chargePayment: Unavailable$/m);
    expect(text).not.toContain('Payment provider is unavailable');
    expect(text).not.toMatch(/[{"(]orderId|netCents|paying/);
  });

  it('shows entries and a run that have not ended as open', () => {
    const text = show(recorded('order-open-bug'));

    expect(text).toMatch(/status {6}… open, last event after/);
    expect(text).toMatch(/^ {2}25 +\+4\.4s {2}… workflow task +open, 2 attempts\n +… workflow still open$/m);
  });

  it('stays within the width for every recorded history', () => {
    const files = globSync('histories/*/*.json', { cwd: ROOT });
    const tooWide = files.flatMap((file) => {
      const json = readFileSync(join(ROOT, file), 'utf8');
      return [50, 100].flatMap((width) => {
        const [, table] = show(json, { width }).split('\n\n');
        return table!.split('\n').filter((line) => stringWidth(line) > width);
      });
    });

    expect(files.length).toBeGreaterThan(50);
    expect(tooWide).toEqual([]);
  });

  it('replaces control characters, line breaks and marks of reading direction of the history', () => {
    const original = recorded('order-payment-down');
    const hostile = original.replace(
      /("(?:name|workflowId|message|signalName)": ")/g,
      '$1\\u001b[31m\\u202e\\n\\u0007',
    );

    const text = show(hostile, { values: false });

    expect(text).toMatch(/^\ufffd\[31m\ufffd \ufffdprocessOrder\n/);
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e]/u);
    expect(text.split('\n')).toHaveLength(show(original, { values: false }).split('\n').length);
  });

  it('adds no escape codes without colour', () => {
    expect(show(recorded('order-payment-down'))).not.toContain('\u001b');
    expect(show(recorded('order-payment-down'), { color: true })).toContain('\u001b[31m✗\u001b[39m');
  });
});
