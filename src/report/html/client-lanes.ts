/**
 * The part of the page's script that draws recorded and produced commands in two lanes, as `lanes.ts` does for the cards. It uses
 * `data`, `el`, `svg` and `prose` of `client-script.ts`, and defines `lanesTable(result)`.
 */
export const CLIENT_LANES = String.raw`
  function laneNode({ text, isGhost, note }) {
    if (text === null) return [];
    return [el('div', { class: isGhost ? 'node ghost' : 'node' }, ...prose(text), ...(isGhost ? [' ', el('small', {}, note)] : []))];
  }

  function laneRow(row, eventId, result) {
    const lines = [...row.passing.map((d) => svg('path', { class: 'pass', d })), ...row.paths.map((d) => svg('path', { d }))];
    const arrow = lines.length === 0 ? [] : [svg('svg', { viewBox: '0 0 60 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, ...lines)];
    const word = row.word === '' ? [] : [el('span', {}, row.word)];
    return el('tr', { class: 'op-' + row.op + (row.isFirst ? ' first' : '') },
      el('td', {}, ...(eventId === null ? [] : [eventLink(result, eventId)])),
      el('td', { class: 'was' }, ...laneNode(row.recorded)),
      el('td', { class: row.hasHead ? 'gap head' : 'gap' }, ...arrow, ...word),
      el('td', { class: 'now' }, ...laneNode(row.produced)));
  }

  function lanesTable(result) {
    const { rows, splitText, isDrift } = data.pictures[result.picture];
    const wide = (name, ...content) => el('tr', { class: name }, el('td', { colspan: '4' }, ...content));
    const split = [
      ...(result.verifiedEvents > 0 && !isDrift ? [wide('matched', '✓ matches up to event ' + result.verifiedEvents)] : []),
      wide('split', el('span', {}, splitText)),
    ];
    const body = rows.flatMap((row, i) => {
      const own = laneRow(row, result.eventIds[i], result);
      return row.isFirst ? [...split, own] : [own];
    });
    const head = ['Event', 'Recorded', 'Change', 'What the code does now'].map((word) =>
      el('th', { scope: 'col' }, word === 'Change' ? el('span', { class: 'visually-hidden' }, word) : word));
    return el('table', { class: isDrift ? 'lanes drifts' : 'lanes' },
      el('caption', { class: 'visually-hidden' }, 'Recorded commands, and the commands of the code now'),
      el('thead', {}, el('tr', {}, ...head)), el('tbody', {}, ...body));
  }
`;
