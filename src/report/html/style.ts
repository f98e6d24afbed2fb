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
.note { margin-top: .5rem; padding: .4rem .7rem; border-left: 3px solid var(--drifted); background: var(--panel); }
.empty { padding: 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; color: var(--muted); }
${VERDICT_RULES}

button, select, input { font: inherit; color: var(--text); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; }
button { cursor: pointer; }
button:hover { background: var(--hover); }
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
.place { margin-bottom: .3rem; }
p + .callers { margin-top: 0; }
pre + p { margin-top: .4rem; }
pre { background: var(--inset); border: 1px solid var(--line); border-radius: 6px; padding: .55rem .75rem; overflow: auto; line-height: 1.5; max-height: 26rem; overflow-wrap: normal; unicode-bidi: isolate; }
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
.rows td.op { width: 5.5rem; color: var(--muted); }
.rows .op-removed td:nth-child(2), .rows .op-replaced td:nth-child(2) { background: var(--out); }
.rows .op-added td:nth-child(4), .rows .op-replaced td:nth-child(4) { background: var(--in); }
.rows .op-moved td:nth-child(n+2), .rows .op-renamed td:nth-child(n+2), .rows .op-drifted td:nth-child(n+2) { background: var(--shift); }
.rows tr:not(.op-same) td { color: var(--text); }
.rows .first td { border-top: 2px solid var(--incompatible); }
.rows .first td.op { font-weight: 650; }

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
svg text { font: 11px system-ui, "Segoe UI", Roboto, sans-serif; fill: var(--text); unicode-bidi: isolate; }
svg .axis { fill: var(--muted); font-size: 10px; }
svg .lane { stroke: var(--line); }
svg .grid { stroke: var(--line); stroke-dasharray: 1 4; }
svg .bar { fill: var(--bar); stroke: none; }
svg .bar-text { fill: var(--bar-text); }
svg .s-failed .bar, svg .s-timedOut .bar { fill: var(--bar-bad); }
svg .s-failed .bar-text, svg .s-timedOut .bar-text { fill: var(--text); }
svg .s-canceled .bar, svg .s-terminated .bar, svg .k-workflowTask .bar, svg .k-workflow .bar { fill: var(--bar-calm); }
svg .s-canceled .bar-text, svg .s-terminated .bar-text, svg .k-workflow .bar-text { fill: var(--text); }
svg .s-open .bar { fill: var(--inset); stroke: var(--accent); stroke-dasharray: 3 2; }
svg .s-open .bar-text { fill: var(--text); }
svg .matched { stroke: var(--compatible); stroke-width: 3; }
svg .unmatched { stroke: var(--line); stroke-width: 3; }
svg .split { stroke: var(--incompatible); stroke-width: 2; }
svg .split-text { fill: var(--incompatible); font-weight: 650; }
svg .after { fill: var(--incompatible); opacity: .07; }
svg .drift .split, svg.drift .split { stroke: var(--drifted); }
svg.drift .split-text { fill: var(--drifted); }
svg .tick { stroke: var(--drifted); stroke-dasharray: 3 3; }
.caption { font-size: .9em; margin: .3rem 0; }
.raw { margin-top: .6rem; }
.raw summary { cursor: pointer; color: var(--muted); }
.keys { color: var(--muted); font-size: .88em; margin: 0 0 .5rem; }
kbd { font-family: var(--mono); font-size: .9em; border: 1px solid var(--line); border-radius: 4px; padding: 0 .3rem; background: var(--panel); }

@media (min-width: 80rem) {
  dl { grid-template-columns: max-content minmax(0, 1fr) max-content minmax(0, 1fr); }
}
@media (max-width: 60rem) {
  .columns, #browser { grid-template-columns: minmax(0, 1fr); }
  #list { position: static; max-height: 17rem; }
  .body { padding-left: .9rem; }
  header, main, #toolbar { padding-left: .75rem; padding-right: .75rem; }
  .keys { display: none; }
}
@media (max-width: 40rem) {
  #toolbar { position: static; }
  #detail, html { scroll-margin-top: 0; scroll-padding-top: 0; }
  #matches { margin-left: 0; }
  dl { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  #toolbar, #histories, nav, #theme { display: none; }
}
`;
