import { CLIENT_LANES } from './client-lanes';
import { CLIENT_PICTURE } from './client-picture';

/**
 * The page's script, in plain JavaScript that a browser runs without a build. It reads the data ({@link PageData} of
 * `page-data.ts`) and makes only text nodes and elements: nothing is ever parsed as HTML.
 */
export const CLIENT_SCRIPT = String.raw`'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
    node.append(...children);
    return node;
  };
  const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
  const svg = (name, attributes, ...children) =>
    fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
  const number = (value) => value.toLocaleString('en');

  function duration(ms) {
    const units = [['d', 86400000], ['h', 3600000], ['min', 60000], ['s', 1000]];
    for (const [unit, size] of units)
      if (ms >= size) return String(Number((ms / size).toFixed(ms >= 10 * size ? 0 : 1))) + ' ' + unit;
    return Math.round(ms) + ' ms';
  }

  /** Returns nodes for text with code between backticks. */
  const prose = (text) =>
    text.split('\x60').map((part, i, all) => (i % 2 === 1 && i < all.length - 1 ? mono(part) : part));
  const mono = (text) => el('bdi', { class: 'mono' }, text);
  const muted = (text) => el('span', { class: 'muted' }, text);

  /* Links and copies */

  const eventLink = (result, id) => el('a', { href: '#r' + result.index + '-e' + id }, String(id));
  const outLink = (href, text) => el('a', { class: 'out', href }, text);

  /** Copies text where the page may, else by a selection: a page of a file is not trusted everywhere. */
  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = el('textarea', { readonly: '' });
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  }

  function copyButton(what, textOf) {
    const button = el('button', { type: 'button', class: 'copy', 'aria-label': 'Copy the ' + what }, 'Copy');
    button.addEventListener('click', async () => {
      await copyText(textOf());
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    });
    return button;
  }

  function addCopyButtons(within) {
    for (const node of within.querySelectorAll('[data-copy]')) {
      const button = copyButton(node.dataset.copy, () => (node.querySelector('pre') || node).textContent);
      if (node.localName === 'div') node.prepend(button);
      else node.after(' ', button);
      node.removeAttribute('data-copy');
    }
  }
${CLIENT_LANES}
${CLIENT_PICTURE}
  /* Theme */

  const THEMES = ['system', 'light', 'dark'];
  let theme = 'system';
  const themeButton = el('button', { type: 'button' });
  function setTheme(name) {
    theme = name;
    if (name === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', name);
    themeButton.textContent = 'Theme: ' + name;
  }
  themeButton.addEventListener('click', () => setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]));
  setTheme('system');
  byId('theme').append(themeButton);

  /* Filters */

  const positions = new Map(data.results.map(({ index }, position) => [index, position]));
  const filter = { verdicts: new Set(), type: '', text: '', cause: null };
  const select = el('select', { 'aria-label': 'Workflow type' });
  const types = [...new Set(data.results.map(({ type }) => type))].filter((type) => type !== null).sort();
  const haystacks = data.results.map((result) =>
    [result.workflowId, result.runId, result.type, result.file, result.verdict, result.headline,
      result.error && result.error.code, result.error && result.error.message, result.recorded, result.produced]
      .filter(Boolean).join('\n').toLowerCase());
  const cards = [...document.querySelectorAll('.card')];
  const rows = data.results.map((result) => {
    const facts = [result.type, result.eventId === null ? null : 'event ' + result.eventId].filter(Boolean).join(' · ');
    const link = el('a', { href: '#r' + result.index },
      el('span', { class: 'name' }, mono(result.workflowId || result.file)),
      el('span', { class: 'sub' }, el('span', { class: 'verdict' }, result.verdict), ' ', el('bdi', {}, facts)));
    return el('li', { class: 'v-' + result.verdict }, link);
  });
  const links = rows.map((row) => row.firstChild);

  const search = el('input', { type: 'search', placeholder: 'Search ids, types, files, errors', 'aria-label': 'Search', 'aria-keyshortcuts': '/' });
  const matches = el('span', { id: 'matches', role: 'status', 'aria-live': 'polite' });
  const causeButton = el('button', { type: 'button', class: 'cause-filter', hidden: '' });

  function buildToolbar() {
    const counts = new Map();
    for (const { verdict } of data.results) counts.set(verdict, (counts.get(verdict) || 0) + 1);
    const chips = el('fieldset', {}, el('legend', { class: 'visually-hidden' }, 'Verdicts'));
    for (const verdict of data.verdicts) {
      if (!counts.has(verdict)) continue;
      filter.verdicts.add(verdict);
      const box = el('input', { type: 'checkbox', name: 'verdict', value: verdict });
      box.checked = true;
      box.addEventListener('change', () => {
        if (box.checked) filter.verdicts.add(verdict);
        else filter.verdicts.delete(verdict);
        applyFilter();
      });
      chips.append(el('label', { class: 'chip v-' + verdict }, box, el('span', { class: 'verdict' }, verdict), muted(number(counts.get(verdict)))));
    }
    select.append(el('option', { value: '' }, 'All types'), ...types.map((type, i) => el('option', { value: String(i) }, type)));
    select.addEventListener('change', () => {
      filter.type = select.value === '' ? '' : types[Number(select.value)];
      applyFilter();
    });
    search.addEventListener('input', () => setText(search.value));
    causeButton.addEventListener('click', () => setCause(null));
    byId('toolbar').append(search, chips, select, causeButton, matches);
    byId('toolbar').hidden = false;
  }

  function setText(text) {
    filter.text = text.trim().toLowerCase();
    applyFilter();
  }

  function setType(type) {
    select.value = String(types.indexOf(type));
    filter.type = type;
    applyFilter();
    byId('causes').scrollIntoView({ block: 'start' });
  }

  function setCause(cause) {
    filter.cause = cause;
    causeButton.hidden = cause === null;
    causeButton.textContent = cause === null ? '' : '✕ only: ' + data.causes[cause].headline.replaceAll('\x60', '');
    applyFilter();
  }

  const passes = (result, i) =>
    filter.verdicts.has(result.verdict) &&
    (filter.type === '' || result.type === filter.type) &&
    (filter.text === '' || haystacks[i].includes(filter.text));

  function applyFilter() {
    const causes = new Set();
    let shown = 0;
    data.results.forEach((result, i) => {
      const matched = passes(result, i);
      if (matched) causes.add(result.cause);
      const visible = matched && (filter.cause === null || filter.cause === result.cause);
      rows[i].hidden = !visible;
      if (visible) shown++;
    });
    let shownCards = 0;
    for (const card of cards) {
      card.hidden = !causes.has(Number(card.dataset.cause));
      if (!card.hidden) shownCards++;
    }
    matches.textContent = number(shown) + ' of ' + number(data.results.length) + ' histories, ' +
      number(shownCards) + ' of ' + number(cards.length) + ' causes';
  }

  /* Details */

  const list = el('ul', { id: 'list', 'aria-label': 'Histories' }, ...rows);
  const detail = el('section', { id: 'detail', 'aria-labelledby': 'detail-title' });
  let opened = -1;
  let showEvent = () => false;

  function facts(result) {
    const pairs = [
      ['Verdict', el('span', { class: 'verdict' }, result.verdict)],
      ['Type', result.type && mono(result.type)],
      ['Workflow id', result.workflowId && copied('workflow id', result.workflowId)],
      ['Run id', result.runId && copied('run id', result.runId)],
      ['Run', result.run && outLink(result.run, 'open in the Temporal UI')],
      ['File', copied('file', result.file)],
      ['Events', number(result.events) + ', matched up to ' + number(result.verifiedEvents) + (result.isOpen === null ? '' : result.isOpen ? '; open when fetched' : '; ended when fetched')],
      [result.verdict === 'drifted' ? 'Drifts at' : 'Differs at', result.eventId !== null && el('span', {}, 'event ', eventLink(result, result.eventId),
        ...(result.run ? [' ', outLink(result.run + '/events/' + result.eventId, 'Temporal UI')] : []))],
      ['Recorded', result.picture === null && result.recorded && mono(result.recorded)],
      ['Produced', result.picture === null && result.produced && mono(result.produced)],
      ['Core says', result.coreMessage && el('bdi', {}, result.coreMessage)],
      ['Accepted', result.accepted && el('bdi', {}, result.accepted)],
      ['Stuck already', result.existing !== null && 'in the same failure, at event ' + result.existing],
      ['Before the change', result.existedBefore !== null && (result.existedBefore ? 'failed in the same way' : 'did not fail')],
      ['Replayed in', duration(result.durationMs)],
    ];
    return el('dl', { class: 'v-' + result.verdict }, ...pairs.filter(([, value]) => value).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  }

  const table = (name, head, body) =>
    el('table', { class: name }, el('thead', {}, el('tr', {}, ...head.map((word) => el('th', { scope: 'col' }, word)))), el('tbody', {}, ...body));
  const copied = (what, text) => el('span', {}, mono(text), ' ', copyButton(what, () => text));

  const driftTable = (result) =>
    table('drift', ['Event', 'Path', 'Recorded', 'Now'], result.drift.map(({ eventId, path, recorded, produced }) =>
      el('tr', {}, el('td', {}, eventLink(result, eventId)), el('td', {}, mono(path)), el('td', {}, mono(recorded)), el('td', {}, mono(produced)))));

  /** Returns a link to the cause and copies of the place and source of its card. */
  function causeParts(cause) {
    const card = byId('c' + cause);
    const link = el('p', {}, 'Cause: ', el('a', { href: '#c' + cause }, ...prose(data.causes[cause].headline)));
    const copied = ['.place', '.block:has(> .frame)'].flatMap((name) => {
      const part = card.querySelector(name);
      if (part === null) return [];
      const copy = part.cloneNode(true);
      for (const button of copy.querySelectorAll('button')) button.remove();
      return [copy];
    });
    return [link, ...(copied.length > 0 ? [el('h4', {}, 'Where'), ...copied] : [])];
  }

  function timelineParts(result) {
    const { timeline } = result;
    if (timeline === null) return { nodes: [], show: () => {}, showEvent: () => false };
    const { picture, show } = historyPicture(result);
    const left = timeline.leftOut > 0 ? ' ' + number(timeline.leftOut) + ' more entries are left out, farther from the event that differs.' : '';
    const started = new Date(timeline.startMs).toISOString().slice(0, 19).replace('T', ' ');
    const asTable = el('details', { class: 'raw' }, el('summary', {}, 'The history as a table'));
    asTable.addEventListener('toggle', () => {
      fillTable();
    });
    const fillTable = () => {
      if (asTable.open && asTable.childElementCount === 1) asTable.append(historyTable(result));
    };
    /** Shows an event in the table and in the picture. */
    const showEvent = (id) => {
      asTable.open = true;
      fillTable();
      const row = asTable.querySelector('[data-events~="' + id + '"]');
      for (const marked of detail.querySelectorAll('.target')) marked.classList.remove('target');
      if (row === null) return false;
      row.classList.add('target');
      const bar = picture.querySelector('g[data-events~="' + id + '"]');
      if (bar !== null) bar.classList.add('target');
      row.scrollIntoView({ block: 'center' });
      row.focus({ preventScroll: true });
      return true;
    };
    const caption = el('p', { class: 'caption muted' }, 'By the order of events, from ' + started + ' UTC; the green line is what matched.' + left);
    return { nodes: [el('h4', {}, 'History'), picture, caption, asTable], show, showEvent };
  }

  function open(position, { focus }) {
    const result = data.results[position];
    if (opened >= 0) links[opened].removeAttribute('aria-current');
    opened = position;
    links[position].setAttribute('aria-current', 'true');
    const title = el('h3', { id: 'detail-title', tabindex: '-1' }, mono(result.workflowId || result.file));
    const timeline = timelineParts(result);
    showEvent = timeline.showEvent;
    detail.replaceChildren(
      title,
      ...(result.headline === null ? [] : [el('p', { class: 'headline' }, ...prose(result.headline))]),
      facts(result),
      ...(result.error === null ? [] : [el('h4', {}, 'Error ', mono(result.error.code)), el('pre', { tabindex: '0', 'aria-label': 'Error' }, result.error.message)]),
      ...(result.picture === null ? [] : [el('h4', {}, 'What was recorded, and what the code does now'), lanesTable(result)]),
      ...(result.drift.length === 0 ? [] : [el('h4', {}, 'Drift'), driftTable(result)]),
      ...(result.driftLeftOut > 0 ? [el('p', { class: 'muted' }, 'and ' + number(result.driftLeftOut) + ' more')] : []),
      ...timeline.nodes,
      ...(result.cause === null ? [] : causeParts(result.cause)));
    timeline.show();
    if (focus) {
      title.focus({ preventScroll: true });
      detail.scrollIntoView({ block: 'start' });
    }
  }

  function buildBrowser() {
    const keys = [['j', 'next'], ['k', 'previous'], ['Enter', 'open'], ['/', 'search'], ['Esc', 'back']];
    byId('browser').before(el('p', { class: 'keys' }, ...keys.flatMap(([key, word]) => [el('kbd', {}, key), ' ' + word + '   '])));
    byId('browser').replaceChildren(list, detail);
    list.addEventListener('click', (event) => {
      const position = links.indexOf(event.target.closest('a'));
      if (position >= 0) open(position, { focus: true });
    });
    open(0, { focus: false });
  }

  function linkCards() {
    addCopyButtons(document);
    for (const span of document.querySelectorAll('[data-event]')) {
      const link = el('a', { href: '#' + span.dataset.event });
      link.append(...span.childNodes);
      span.append(link);
    }
    for (const cell of document.querySelectorAll('[data-type]')) {
      const button = el('button', { type: 'button', class: 'plain' });
      button.append(...cell.childNodes);
      button.addEventListener('click', () => setType(cell.dataset.type));
      cell.append(button);
    }
    for (const span of document.querySelectorAll('[data-result]')) {
      if (span.dataset.result === '') continue;
      const link = el('a', { href: '#r' + span.dataset.result });
      link.append(...span.childNodes);
      span.replaceWith(link);
    }
    for (const span of document.querySelectorAll('[data-cause-results]')) {
      const cause = Number(span.dataset.causeResults);
      const count = data.results.filter((result) => result.cause === cause).length;
      const button = el('button', { type: 'button' }, count === 1 ? 'Show its history' : 'Show its ' + number(count) + ' histories');
      button.addEventListener('click', () => {
        setCause(cause);
        const first = rows.findIndex((row) => !row.hidden);
        if (first < 0) return;
        open(first, { focus: false });
        byId('histories').scrollIntoView({ block: 'start' });
        links[first].focus({ preventScroll: true });
      });
      span.replaceWith(button);
    }
  }

  function followHash({ focus }) {
    const [, kind, index, event] = /^#([rc])(\d+)(?:-e(\d+))?$/.exec(location.hash) || [];
    if (kind === 'c') {
      const card = byId('c' + index);
      if (card === null) return;
      card.hidden = false;
      card.querySelector('details').open = true;
      card.scrollIntoView({ block: 'start' });
      if (focus) card.querySelector('summary').focus({ preventScroll: true });
    } else if (kind === 'r' && positions.has(Number(index))) {
      const position = positions.get(Number(index));
      // A link shows its result even if the filters hide it.
      rows[position].hidden = false;
      if (position !== opened || !focus) open(position, { focus: true });
      links[position].scrollIntoView({ block: 'nearest' });
      if (event === undefined || !showEvent(Number(event))) detail.scrollIntoView({ block: 'start' });
    }
  }

  /* Keyboard */

  function move(by) {
    const shown = links.filter((_, i) => !rows[i].hidden);
    if (shown.length === 0) return;
    const focused = shown.indexOf(document.activeElement);
    const at = focused >= 0 ? focused : shown.indexOf(links[opened]);
    const next = focused < 0 && by > 0 && at < 0 ? 0 : Math.min(shown.length - 1, Math.max(0, at + by));
    const isInView = list.getBoundingClientRect().top < window.innerHeight && list.getBoundingClientRect().bottom > 0;
    shown[next].focus({ preventScroll: true });
    if (!isInView) byId('histories').scrollIntoView({ block: 'start' });
    shown[next].scrollIntoView({ block: 'nearest' });
  }

  function back() {
    if (document.activeElement === search) {
      search.value = '';
      setText('');
      search.blur();
    } else if (detail.contains(document.activeElement)) {
      links[opened].focus();
    } else if (filter.cause !== null) {
      setCause(null);
    }
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape') return back();
    if (event.target.closest('input, select, textarea')) return;
    const actions = { j: () => move(1), k: () => move(-1), '/': () => search.focus() };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  });

  linkCards();
  if (data.results.length === 0) return;
  buildToolbar();
  applyFilter();
  buildBrowser();
  followHash({ focus: false });
  window.addEventListener('hashchange', () => followHash({ focus: true }));
})();
`;
