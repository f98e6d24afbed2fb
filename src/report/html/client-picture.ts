/**
 * The part of the page's script that draws a history, in plain JavaScript that a browser runs without a build. It uses `data`, `el`,
 * `svg` and `duration` of `client-script.ts`, and defines `historyPicture(result)` and `historyTable(result)`.
 */
export const CLIENT_PICTURE = String.raw`
  const TOP = 54;
  const ROW = 18;
  const BAR = 13;
  const MAX_ROWS = 10;
  const MAX_LABEL = 32;
  const LEFT = 12;
  const NAMES_WIDTH = 108;

  /** Returns the entries of a timeline with the data that their indexes stand for. */
  function entriesOf(timeline) {
    return timeline.entries.map(([kind, name, ids, start, end, attempts, status]) => ({
      kind: data.kinds[kind],
      name: name < 0 ? null : data.names[name],
      ids,
      start,
      end,
      attempts,
      status: data.statuses[status],
    }));
  }

  const describe = (entry) => {
    const took = entry.end === null || entry.ids.length < 2 ? '' : ', ' + duration(entry.end - entry.start);
    const tries = entry.attempts > 1 ? ', ' + entry.attempts + ' attempts' : '';
    const name = entry.name === null ? '' : ' ' + entry.name;
    const ids = (entry.ids.length > 1 ? 'events ' : 'event ') + entry.ids.join(', ');
    return entry.kind.words + name + ': ' + entry.status.words + took + tries + ' (' + ids + ')';
  };

  function labelOf(entry) {
    if (entry.kind.name === 'workflowTask') return '';
    const name = entry.name === null ? entry.kind.words : entry.name;
    const short = name.length > MAX_LABEL ? name.slice(0, MAX_LABEL - 1) + '…' : name;
    return entry.status.sign + short + (entry.attempts > 1 ? ' ×' + entry.attempts : '');
  }

  const MIN_LABEL = 40;
  const canvas = document.createElement('canvas').getContext('2d');
  // The font is that of the style for texts of a picture.
  canvas.font = '11px system-ui, "Segoe UI", Roboto, sans-serif';
  const widthOf = (text) => canvas.measureText(text).width;

  /** Cuts a text to a width. */
  function cutTo(text, width) {
    let length = text.length - 1;
    while (length > 0 && widthOf(text.slice(0, length) + '…') > width) length--;
    return text.slice(0, length) + '…';
  }

  /**
   * Places the label of a bar inside of it, else behind it, else before it. A label of a bar that begins before the line of the
   * difference ends there: it is cut, so that no text crosses the line.
   */
  function placeLabel(label, from, to, split) {
    const limit = split !== null && from < split ? split - 4 : Infinity;
    const width = widthOf(label);
    const room = Math.min(to, limit) - from - 8;
    const inside = { label, at: from + 4, isInside: true, start: from, extent: to };
    if (label === '' || width <= room) return inside;
    if (to + 4 + width <= limit) return { label, at: to + 4, isInside: false, start: from, extent: to + 4 + width };
    if (room >= MIN_LABEL) return { ...inside, label: cutTo(label, room) };
    if (limit - to - 4 >= MIN_LABEL)
      return { label: cutTo(label, limit - to - 4), at: to + 4, isInside: false, start: from, extent: limit };
    if (from - 4 - width >= LEFT) return { label, at: from - 4 - width, isInside: false, start: from - 4 - width, extent: to };
    return { ...inside, label: '' };
  }

  /** Puts the entries of one lane into rows in which neither bars nor labels overlap. */
  function packLane(entries, x, end, split) {
    const rows = [];
    const bars = entries.map((entry) => {
      const from = x(entry.ids[0]) - 5;
      const last = entry.ids[entry.ids.length - 1];
      const to = entry.status.name === 'open' && entry.ids.length > 0 && entry.kind.isSpan ? end : x(last) + 5;
      return { entry, from, to, ...placeLabel(labelOf(entry), from, to, split) };
    });
    bars.sort((a, b) => a.start - b.start || b.to - a.to);
    for (const bar of bars) {
      let row = rows.findIndex((taken) => taken + 3 <= bar.start);
      if (row < 0 && rows.length < MAX_ROWS) row = rows.push(0) - 1;
      // The lane has its maximum height, so the bar is drawn over others, without a label.
      if (row < 0) { row = MAX_ROWS - 1; bar.label = ''; bar.extent = bar.to; }
      rows[row] = Math.max(rows[row], bar.extent);
      bar.row = row;
    }
    return { bars, height: Math.max(1, rows.length) * ROW + 8 };
  }

  function drawBar(bar, top) {
    const { entry, from, to, label, at, isInside } = bar;
    const y = top + 4 + bar.row * ROW;
    const group = svg('g', { class: 'k-' + entry.kind.name + ' s-' + entry.status.name, 'data-events': entry.ids.join(' ') }, svg('title', {}, describe(entry)));
    group.append(svg('rect', { class: 'bar', x: from, y, width: Math.max(4, to - from), height: BAR, rx: 3 }));
    if (label !== '')
      group.append(svg('text', { class: isInside ? 'bar-text' : 'label', x: at, y: y + 10 }, label));
    return group;
  }

  /** Returns the elapsed time of the first and last event of each entry. */
  function timesByEvent(entries) {
    const times = new Map();
    for (const { ids, start, end } of entries) {
      times.set(ids[0], start);
      if (end !== null) times.set(ids[ids.length - 1], end);
    }
    return times;
  }

  function drawAxis(root, ids, x, times, height) {
    let lastId = -99;
    let lastTime = -99;
    for (const id of ids) {
      const at = x(id);
      if (at - lastId >= 30) {
        root.append(svg('text', { class: 'axis', x: at, y: 13, 'text-anchor': 'middle' }, String(id)));
        root.append(svg('line', { class: 'grid', x1: at, x2: at, y1: TOP - 12, y2: height }));
        lastId = at;
      }
      if (times.has(id) && at - lastTime >= 66) {
        root.append(svg('text', { class: 'axis', x: at, y: 25, 'text-anchor': 'middle' }, '+' + duration(times.get(id))));
        lastTime = at;
      }
    }
  }

  /** Draws the lanes as SVG, from left to right by the order of events: a month is as wide as a millisecond. */
  function historyPicture(result) {
    const entries = entriesOf(result.timeline);
    const ids = [...new Set(entries.flatMap((entry) => entry.ids))].sort((a, b) => a - b);
    const step = Math.min(44, Math.max(15, 900 / ids.length));
    const rank = new Map(ids.map((id, i) => [id, i]));
    const x = (id) => LEFT + 8 + rank.get(id) * step;
    // An event without an entry is placed at the next event that has one.
    const near = (id) => {
      const next = ids.find((other) => other >= id);
      return next === undefined ? x(ids[ids.length - 1]) + step : x(next);
    };
    const end = x(ids[ids.length - 1]) + step;
    const split = result.eventId === null ? null : near(result.eventId) - Math.min(step / 2, 9);
    let top = TOP;
    let right = end + 30;
    const shapes = [];
    const names = [];
    for (const lane of data.lanes) {
      const own = entries.filter(({ kind }) => kind.lane === lane);
      if (own.length === 0) continue;
      const { bars, height } = packLane(own, x, end, split);
      names.push(svg('text', { x: 8, y: top + 14 }, lane), svg('line', { class: 'lane', x1: 0, x2: NAMES_WIDTH, y1: top, y2: top }));
      shapes.push({ line: top }, ...bars.map((bar) => drawBar(bar, top)));
      right = Math.max(right, ...bars.map((bar) => bar.extent + 10));
      top += height;
    }
    const root = svg('svg', { role: 'img', width: Math.ceil(right), height: top, class: result.verdict === 'drifted' ? 'drift' : '', 'aria-labelledby': 'picture-title picture-text' },
      svg('title', { id: 'picture-title' }, 'Timeline of the history'),
      svg('desc', { id: 'picture-text' }, describePicture(result, entries)));
    const matched = result.verifiedEvents > 0 ? near(result.verifiedEvents) : LEFT;
    root.append(svg('line', { class: 'unmatched', x1: LEFT, x2: end, y1: TOP - 8, y2: TOP - 8 }));
    root.append(svg('line', { class: 'matched', x1: LEFT, x2: matched, y1: TOP - 8, y2: TOP - 8 }));
    drawAxis(root, ids, x, timesByEvent(entries), top);
    if (split !== null && result.verdict !== 'drifted')
      root.append(svg('rect', { class: 'after', x: split, y: TOP - 8, width: right - split, height: top - TOP + 8 }));
    for (const shape of shapes)
      root.append('line' in shape ? svg('line', { class: 'lane', x1: 0, x2: right, y1: shape.line, y2: shape.line }) : shape);
    for (const id of new Set(result.drift.map(({ eventId }) => eventId)))
      if (id !== result.eventId) root.append(svg('line', { class: 'tick', x1: near(id), x2: near(id), y1: TOP - 8, y2: top }));
    if (split !== null) {
      const word = 'event ' + result.eventId + (result.verdict === 'drifted' ? ' drifts' : ' differs');
      const turned = split + 8 + widthOf(word) > right;
      root.append(svg('line', { class: 'split', x1: split, x2: split, y1: 29, y2: top }));
      root.append(svg('text', { class: 'split-text', x: turned ? split - 4 : split + 4, y: TOP - 16, 'text-anchor': turned ? 'end' : 'start' }, word));
    }
    const labels = svg('svg', { class: 'names', width: NAMES_WIDTH, height: top, 'aria-hidden': 'true' },
      svg('text', { class: 'axis', x: 8, y: 13 }, 'event'), svg('text', { class: 'axis', x: 8, y: 25 }, 'elapsed'), ...names);
    const scroll = el('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': 'Timeline, scrolls sideways' }, root);
    return { picture: el('div', { class: 'picture' }, labels, scroll), show: () => { scroll.scrollLeft = split === null ? 0 : Math.max(0, split - scroll.clientWidth / 2); } };
  }

  function describePicture(result, entries) {
    // The first lane has the workflow itself, the last one entries of many kinds.
    const counts = data.lanes.slice(1, -1).flatMap((lane) => {
      const count = entries.filter(({ kind }) => kind.lane === lane).length;
      return count > 0 ? [lane.toLowerCase() + ': ' + count] : [];
    });
    const where = result.eventId === null ? '' : (result.verdict === 'drifted' ? ' Drifts' : ' Differs') + ' at event ' + result.eventId + '.';
    return result.events + ' events; ' + counts.join(', ') + '. Matched up to event ' + result.verifiedEvents + '.' + where + ' The table below lists the same.';
  }

  function historyTable(result) {
    const head = ['Kind', 'Name', 'Events', 'Started', 'Took', 'Attempts', 'Status'];
    const body = entriesOf(result.timeline).map((entry) =>
      el('tr', { 'data-events': entry.ids.join(' '), tabindex: '-1' },
        el('td', {}, entry.kind.words),
        el('td', {}, el('bdi', {}, entry.name === null ? '' : entry.name)),
        el('td', {}, entry.ids.join(', ')),
        el('td', {}, '+' + duration(entry.start)),
        el('td', {}, entry.end === null || entry.ids.length < 2 ? '' : duration(entry.end - entry.start)),
        el('td', {}, entry.attempts > 0 ? String(entry.attempts) : ''),
        el('td', {}, entry.status.words)));
    return el('table', { class: 'entries' },
      el('thead', {}, el('tr', {}, ...head.map((word) => el('th', { scope: 'col' }, word)))), el('tbody', {}, ...body));
  }
`;
