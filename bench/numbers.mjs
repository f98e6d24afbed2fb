/** Statistics of paired runs, and the tables that show them. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Returns the median and range of the ratios within each pair: both runs of a pair meet the same load of the machine. */
export function ratios(slow, fast) {
  const all = slow.map((seconds, pair) => seconds / fast[pair]);
  return `${median(all).toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`;
}

export function printTable(rows) {
  const columns = Object.keys(rows[0]);
  const lines = [columns, columns.map(() => '---'), ...rows.map((row) => columns.map((key) => row[key]))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  const pad = (cell, column) => String(cell).padEnd(widths[column], cell === '---' ? '-' : ' ');
  console.log(`\n${lines.map((line) => `| ${line.map(pad).join(' | ')} |`).join('\n')}\n`);
}
