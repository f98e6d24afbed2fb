import { VERDICTS, VERDICTS_BY_RANK } from '../../model/verdict';

const VERDICT_VARIABLES = VERDICTS_BY_RANK.map(
  (verdict) => `--${verdict}: light-dark(${VERDICTS[verdict].colors.join(', ')});`,
).join('\n  ');
const VERDICT_RULES = VERDICTS_BY_RANK.map(
  (verdict) => `.totals .v-${verdict} b, .v-${verdict} .verdict { color: var(--${verdict}); }
.f-${verdict} { fill: var(--${verdict}); }`,
).join('\n');

/**
 * The page's style. Text has a contrast of at least 4.5 to its background in both modes. `color-scheme` alone selects the mode, so the
 * page's switch sets nothing else.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f8, #14171a);
  --panel: light-dark(#ffffff, #1b1f24);
  --inset: light-dark(#f3f4f6, #14181c);
  --text: light-dark(#1d2126, #e4e7eb);
  --muted: light-dark(#565f6a, #a2acb8);
  --line: light-dark(#dcdfe4, #323a43);
  --accent: light-dark(#1f55a8, #8ab4f8);
  --hover: light-dark(#eef2f8, #242b33);
  --chosen: light-dark(#e2ebf8, #24354d);
  ${VERDICT_VARIABLES}
  --out: light-dark(#fdecea, #3a2022);
  --in: light-dark(#e7f5ec, #1b3324);
  --shift: light-dark(#fdf4dd, #37301b);
  --tk: light-dark(#8250df, #d2a8ff);
  --tt: light-dark(#0a5f78, #7cc7e0);
  --tn: light-dark(#8a3b00, #ffb37a);
  --ts: light-dark(#0b6b34, #86d8a0);
  --bar: light-dark(#b9d0f0, #35547f);
  --bar-text: light-dark(#12294a, #eaf1fb);
  --bar-bad: light-dark(#f4c3bf, #7a3230);
  --bar-calm: light-dark(#d9dde2, #434c57);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-padding-top: 7rem; }
body { margin: 0; background: var(--ground); color: var(--text); font: 14px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
header, main, #toolbar { max-width: 96rem; margin: 0 auto; padding: 0 1.25rem; }
h1, h2, h3, h4, p, ul, ol, pre, table { margin: 0; }
h1 { font-size: 1rem; font-weight: 650; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .6rem; }
h3 { font-size: .95rem; font-weight: 600; display: inline; overflow-wrap: anywhere; }
h4 { font-size: .75rem; font-weight: 650; color: var(--muted); margin: .9rem 0 .3rem; }
a { color: var(--accent); }
a.out { font-size: .86em; white-space: nowrap; }
a.out::after { content: " ↗" / ""; color: var(--muted); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.muted { color: var(--muted); }
.mono, pre { font-family: var(--mono); font-size: .86em; overflow-wrap: anywhere; }
.count { color: var(--muted); font-weight: 400; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--panel); padding: .3rem .6rem; z-index: 9; }
[hidden] { display: none !important; }

.top { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1rem; white-space: nowrap; padding: .9rem 0 .2rem; color: var(--muted); }
.top nav { display: flex; gap: .9rem; margin-left: auto; }
.lead { font-size: 1.35rem; font-weight: 600; letter-spacing: -.01em; margin-bottom: .7rem; text-wrap: balance; }
.totals { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin-bottom: .5rem; }
.totals b { font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.totals li.none, .totals li.none b { color: var(--muted); font-weight: 400; }
.share { display: block; width: 100%; height: 6px; border-radius: 3px; margin-bottom: .4rem; background: var(--line); }
.sublead { color: var(--muted); margin: -.45rem 0 .7rem; }
.overview { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 34rem); gap: 0 2.5rem; align-items: start; }
.overview:not(:has(> .types)) { grid-template-columns: minmax(0, 1fr); }
.origin { display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; margin: .7rem 0 0; font-size: .92em; }
.origin dt { font-size: .86em; }
.types { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .8rem .6rem; overflow-x: auto; }
.types summary { cursor: pointer; font-weight: 600; }
.types table { margin-top: .3rem; }
.types tbody th { color: var(--text); font-size: 1em; min-width: 9.5rem; }
.types thead th { font-size: .84em; }
.types td:not(:last-child), .types th:nth-child(2), .types th:nth-child(3), .types th:nth-child(4) { text-align: right; font-variant-numeric: tabular-nums; width: 4.4rem; white-space: nowrap; color: var(--text); }
.types tr:last-child > * { border-bottom: 0; }
.types .verdict { font-weight: 550; white-space: nowrap; }
.note { margin-top: .5rem; padding: .4rem .7rem; border-left: 3px solid var(--drifted); background: var(--panel); }
.empty { padding: 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; color: var(--muted); }
${VERDICT_RULES}

button, select, input { font: inherit; color: var(--text); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; }
button { cursor: pointer; }
button:hover { background: var(--hover); }
button.copy { font-size: .78rem; padding: 0 .45rem; color: var(--muted); border-radius: 5px; line-height: 1.5; }
button.copy:hover, button.copy:focus-visible { color: var(--text); }
button.plain { border: 0; background: none; padding: 0; color: var(--accent); text-decoration: underline; text-align: left; }
#toolbar { position: sticky; top: 0; z-index: 5; background: var(--ground); display: flex; flex-wrap: wrap; align-items: center; gap: .45rem .6rem; padding-top: .55rem; padding-bottom: .55rem; margin-top: .6rem; border-bottom: 1px solid var(--line); }
#toolbar input[type="search"] { flex: 1 1 14rem; min-width: 8rem; max-width: 26rem; }
#toolbar select { max-width: 15rem; }
#toolbar fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .35rem; }
.chip { display: inline-flex; align-items: center; gap: .35rem; border: 1px solid var(--line); border-radius: 99px; padding: .15rem .65rem .15rem .45rem; background: var(--panel); cursor: pointer; }
.chip:has(:checked) { border-color: currentcolor; }
.chip:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
.chip input { margin: 0; accent-color: var(--accent); }
.chip .verdict { font-weight: 550; }
#matches { color: var(--muted); margin-left: auto; font-variant-numeric: tabular-nums; }
.cause-filter { max-width: 22rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; border-color: var(--accent); }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.card { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; margin-bottom: .5rem; content-visibility: auto; contain-intrinsic-size: auto 4rem; }
.card summary { cursor: pointer; padding: .6rem .9rem; border-radius: 8px; }
.card summary:hover { background: var(--hover); }
.facts { display: block; padding-left: 1.05rem; color: var(--muted); font-size: .9em; margin-top: .1rem; }
.verdict { font-weight: 650; }
.type { margin-left: .4rem; }
.body { padding: 0 .9rem .9rem 1.95rem; }
.impact { max-width: 75ch; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1.5rem; }
.columns:has(> div:empty) { grid-template-columns: minmax(0, 1fr); }
.place { margin-bottom: .3rem; display: flex; flex-wrap: wrap; gap: .1rem .5rem; align-items: baseline; }
.place .at { min-width: 0; }
p + .callers { margin-top: 0; }
pre + p, .block + p { margin-top: .4rem; }
pre { background: var(--inset); border: 1px solid var(--line); border-radius: 6px; padding: .55rem .75rem; overflow: auto; line-height: 1.5; max-height: 26rem; overflow-wrap: normal; unicode-bidi: isolate; }
.block { position: relative; }
.block > button.copy { position: absolute; top: .4rem; right: .55rem; z-index: 1; background: var(--panel); }
pre code { display: block; min-width: max-content; }
.ln { display: inline-block; min-width: 100%; padding-right: 4rem; }
.ln::before { content: attr(data-n); display: inline-block; white-space: pre; color: var(--muted); margin-right: .9rem; user-select: none; }
.frame .ln::before { border-right: 1px solid var(--line); padding-right: .6rem; }
.diff .sign { display: inline-block; width: 1.1rem; color: var(--muted); }
.ln.plus { background: var(--in); }
.ln.minus { background: var(--out); }
.ln.here { background: var(--shift); }
.ln.meta { color: var(--muted); }
.tk { color: var(--tk); }
.tt { color: var(--tt); }
.tn { color: var(--tn); }
.ts { color: var(--ts); }
.tc { color: var(--muted); font-style: italic; }
.callers { padding-left: 1.3rem; }
.remedies { padding-left: 1.2rem; }
.remedies li { margin-bottom: .6rem; }
.remedies p { max-width: 85ch; }
.remedies pre { margin-top: .3rem; }
ul.examples { padding-left: 1.2rem; margin-bottom: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .93em; }
th { text-align: left; font-weight: 500; color: var(--muted); font-size: .9em; }
th, td { padding: .2rem .5rem; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
td:first-child { width: 3.6rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.lanes { table-layout: fixed; background: var(--inset); border: 1px solid var(--line); border-collapse: separate; border-spacing: 0; border-radius: 8px; }
.lanes th, .lanes td { border: 0; padding: .18rem .5rem; vertical-align: middle; }
.lanes th { padding-top: .45rem; font-weight: 600; color: var(--text); }
.lanes th:first-child { font-weight: 500; color: var(--muted); }
.lanes tr:last-child td { padding-bottom: .5rem; }
.lanes th:nth-child(1), .lanes td:nth-child(1) { width: 3.6rem; text-align: right; }
.lanes th:nth-child(3) { width: 6rem; }
.lanes .was, .lanes .now { position: relative; padding-left: 1.35rem; }
.lanes .was::before, .lanes .now::before { content: ""; position: absolute; left: .5rem; top: 0; bottom: 0; width: 2px; background: var(--rail, var(--compatible)); }
.lanes .was::after, .lanes .now::after { content: ""; position: absolute; left: calc(.5rem - 3px); top: calc(50% - 4px); width: 8px; height: 8px; border-radius: 50%; background: var(--dot, var(--rail, var(--compatible))); box-shadow: 0 0 0 2px var(--inset); }
.lanes .split ~ tr { --rail: var(--muted); }
.lanes td:has(> .ghost)::after { background: var(--inset); border: 1.5px dashed var(--muted); }
.lanes tr:last-child .was::before, .lanes tr:last-child .now::before { bottom: 50%; }
.node { display: inline-block; max-width: 100%; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .1rem .5rem; overflow-wrap: anywhere; }
.node.ghost { background: none; border: 1.5px dashed var(--muted); color: var(--muted); }
.node small { white-space: nowrap; font-size: .84em; font-style: italic; }
.lanes .gap { position: relative; padding: 0; text-align: center; font-size: .82em; }
.gap svg { position: absolute; inset: 0; width: 100%; height: 100%; overflow: visible; }
.gap path { fill: none; stroke: var(--op); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.gap span { position: absolute; left: .2rem; bottom: calc(50% + 2px); line-height: 1; color: var(--op); font-weight: 650; white-space: nowrap; }
.gap.head::after { content: ""; position: absolute; right: -2px; top: calc(50% - 5px); border: 5px solid transparent; border-left: 8px solid var(--op); border-right: 0; }
.lanes tr { --op: var(--muted); }
.lanes .op-removed, .lanes .op-end, .lanes .op-missed { --op: var(--incompatible); }
.lanes .op-added { --op: var(--compatible); }
.lanes .op-moved, .lanes .op-renamed, .lanes .op-replaced, .lanes .op-drifted { --op: var(--drifted); }
.lanes .op-removed .was .node { background: var(--out); border-color: var(--op); }
.lanes .op-added .now .node { background: var(--in); border-color: var(--op); }
.lanes .op-end .now .node { background: var(--out); border-color: var(--op); font-weight: 600; }
:is(.op-moved, .op-renamed, .op-replaced, .op-drifted) .node:not(.ghost) { background: var(--shift); border-color: var(--op); }
.gap path.pass { stroke: var(--drifted); }
.matched td { text-align: center !important; color: var(--compatible); font-size: .86em; font-weight: 600; }
.split td { padding: .3rem 0 !important; position: relative; text-align: center !important; }
.split td::before { content: ""; position: absolute; left: 0; right: 0; top: 50%; border-top: 2px solid var(--incompatible); }
.split span { position: relative; background: var(--inset); color: var(--incompatible); font-weight: 650; font-size: .86em; padding: 0 .6rem; }
.drifts .split td::before { border-color: var(--drifted); }
.drifts .split span { color: var(--drifted); }

#browser { display: grid; grid-template-columns: 21rem minmax(0, 1fr); gap: .8rem; align-items: start; }
#list { position: sticky; top: 6.5rem; max-height: calc(100vh - 8rem); overflow: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; list-style: none; padding: .25rem; }
#list li { content-visibility: auto; contain-intrinsic-size: auto 3rem; }
#list a { display: block; padding: .3rem .55rem; border-radius: 6px; color: var(--text); text-decoration: none; border-left: 3px solid transparent; }
#list a:hover { background: var(--hover); }
#list a:focus-visible { outline-offset: -2px; }
#list a[aria-current] { background: var(--chosen); border-left-color: var(--accent); }
#list .name { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#list .sub { display: block; font-size: .88em; color: var(--muted); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#list a[aria-current] .sub { color: var(--text); }
#detail { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .8rem 1rem 1.1rem; min-width: 0; scroll-margin-top: 6.5rem; }
#detail h3 { display: block; font-size: 1.05rem; }
.headline { margin: .2rem 0 .5rem; font-size: 1rem; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .9rem; margin: .4rem 0; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.picture { display: flex; border: 1px solid var(--line); border-radius: 6px; background: var(--inset); }
.picture .names { flex: none; border-right: 1px solid var(--line); }
.picture .scroll { overflow-x: auto; min-width: 0; flex: 1; }
.picture text { font: 11px system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--text); unicode-bidi: isolate; }
.picture .axis { fill: var(--muted); font-size: 10px; }
.picture .lane { stroke: var(--line); }
.picture .grid { stroke: var(--line); stroke-dasharray: 1 4; }
.picture .bar { fill: var(--bar); stroke: none; }
.picture .bar-text { fill: var(--bar-text); }
.picture .s-failed .bar, .picture .s-timedOut .bar { fill: var(--bar-bad); }
.picture .s-failed .bar-text, .picture .s-timedOut .bar-text { fill: var(--text); }
.picture .s-canceled .bar, .picture .s-terminated .bar, .picture .k-workflowTask .bar, .picture .k-workflow .bar { fill: var(--bar-calm); }
.picture .s-canceled .bar-text, .picture .s-terminated .bar-text, .picture .k-workflow .bar-text { fill: var(--text); }
.picture .s-open .bar { fill: var(--inset); stroke: var(--accent); stroke-dasharray: 3 2; }
.picture .s-open .bar-text { fill: var(--text); }
.picture .matched { stroke: var(--compatible); stroke-width: 3; }
.picture .unmatched { stroke: var(--line); stroke-width: 3; }
.picture .split { stroke: var(--incompatible); stroke-width: 2; }
.picture .split-text { fill: var(--incompatible); font-weight: 650; }
.picture .after { fill: var(--incompatible); opacity: .07; }
.picture svg.drift .split { stroke: var(--drifted); }
.picture svg.drift .split-text { fill: var(--drifted); }
.target > td { background: var(--chosen); }
.picture .target .bar { stroke: var(--accent); stroke-width: 2; }
.picture .tick { stroke: var(--drifted); stroke-dasharray: 3 3; }
.caption { font-size: .9em; margin: .3rem 0; }
.raw { margin-top: .6rem; overflow-x: auto; }
.entries { min-width: 34rem; }
.raw summary { cursor: pointer; color: var(--muted); }
.keys { color: var(--muted); font-size: .88em; margin: 0 0 .5rem; }
kbd { font-family: var(--mono); font-size: .9em; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3rem; background: var(--panel); }

@media (min-width: 80rem) {
  dl { grid-template-columns: max-content minmax(0, 1fr) max-content minmax(0, 1fr); }
}
@media (max-width: 60rem) {
  .overview, .overview:not(:has(> .types)) { grid-template-columns: minmax(0, 1fr); }
  .types { margin-top: .8rem; }
  .columns, #browser { grid-template-columns: minmax(0, 1fr); }
  #list { position: static; max-height: 17rem; }
  .body { padding-left: .9rem; }
  header, main, #toolbar { padding-left: .75rem; padding-right: .75rem; }
  .keys { display: none; }
}
@media (max-width: 40rem) {
  .body { padding-left: .6rem; padding-right: .6rem; }
  .lanes th, .lanes td { padding-left: .25rem; padding-right: .25rem; }
  .types { padding-left: .4rem; padding-right: .4rem; }
  .types tbody th { min-width: 7.2rem; padding-left: .2rem; padding-right: .2rem; }
  .types th:nth-child(4), .types td:nth-child(4) { display: none; }
  .types td:last-child, .types th:last-child { padding-right: 0; }
  .types .verdict { white-space: normal; }
  .types td:not(:last-child), .types th:nth-child(2), .types th:nth-child(3) { width: 2.6rem; padding-left: .2rem; padding-right: .2rem; }
  .lanes th:nth-child(1), .lanes td:nth-child(1) { width: 2.2rem; font-size: .82em; overflow-wrap: normal; }
  .lanes th:nth-child(3) { width: 3rem; }
  .node { font-size: .93em; }
  .lanes .was, .lanes .now { padding-left: 1rem; }
  .lanes .was::before, .lanes .now::before { left: .3rem; }
  .lanes .was::after, .lanes .now::after { left: calc(.3rem - 3px); }
  .node { padding: .1rem .35rem; }
  .node small { white-space: normal; }
  .gap span { left: 0; letter-spacing: -.02em; }
  #toolbar { position: static; }
  #detail, html { scroll-margin-top: 0; scroll-padding-top: 0; }
  #matches { margin-left: 0; }
  dl { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  #toolbar, #histories, nav, #theme { display: none; }
}
`;
