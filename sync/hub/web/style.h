// SPDX-License-Identifier: GPL-3.0-or-later
// The pages' one style sheet. No script, no font, no picture: nothing is loaded from elsewhere.
#pragma once

namespace tapport::hub {

inline constexpr const char* kStyle = R"css(
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #fff; --ink: #1a2230; --soft: #5a6577; --line: #dde2ea;
  --accent: #1f5fbf; --accent-ink: #fff; --ok: #1d7a46; --wait: #a85b00; --alarm: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161d; --card: #1b212b; --ink: #e8ecf2; --soft: #a3aec0; --line: #303948;
    --accent: #7db1ff; --accent-ink: #0d1828; --ok: #6fd39b; --wait: #f0b35e; --alarm: #ff8a80;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
       font: 16px/1.5 Inter, system-ui, "DejaVu Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center;
         padding: .75rem 1.5rem; background: var(--card); border-bottom: 1px solid var(--line); }
.brand { overflow-wrap: anywhere; }
.brand strong { color: var(--accent); font-size: 1.125rem; }
.brand span { color: var(--soft); margin-left: .5rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem; flex: 1; }
header form { margin-left: auto; }
nav a { padding: .5rem .75rem; border-radius: .5rem; color: var(--ink); text-decoration: none; }
nav a:hover { background: var(--ground); }
nav a[aria-current] { background: var(--accent); color: var(--accent-ink); }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; overflow-wrap: anywhere; }
main.narrow { max-width: 26rem; margin-top: 10vh; }
main.receipt { max-width: 40rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem;
        margin: 1rem 0; }
.card h2 { margin: 0 0 .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; }
dd ul { margin: .25rem 0 0; padding-left: 1.25rem; }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .75rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(10rem, 50% - .375rem), 1fr)); gap: .75rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: .75rem 1rem; }
.tile span { display: block; color: var(--soft); font-size: .875rem; }
.tile strong { overflow-wrap: normal; font-size: 1.75rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile.alarm strong { color: var(--alarm); }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line);
        border-radius: .75rem; overflow: hidden; }
th, td { text-align: left; vertical-align: top; padding: .625rem .875rem; border-top: 1px solid var(--line); }
th { border-top: 0; color: var(--soft); font-size: .8125rem; font-weight: 600; overflow-wrap: normal; }
/* Words that are short stay whole beside long ones. */
td[data-label="Reason"], td[data-label="When"], td[data-label^="Last"] { overflow-wrap: normal; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td ul { margin: 0; padding: 0; list-style: none; }
td li + li { margin-top: .375rem; }
code { font-size: .8125rem; color: var(--soft); }
.soft { color: var(--soft); font-size: .875rem; }
.note { white-space: pre-line; }
.light::before { content: ""; display: inline-block; box-sizing: border-box; width: .75rem; height: .75rem; border-radius: 50%;
                 margin-right: .5rem; vertical-align: -.05rem; background: currentColor; }
.off::before { background: none; border: 2px solid currentColor; }
.off { color: var(--soft); }
.ok { color: var(--ok); }
.wait { color: var(--wait); }
.empty { color: var(--soft); padding: 1rem; text-align: center; }
.problem { color: var(--alarm); border-left: .25rem solid currentColor; padding: .25rem .75rem; }
.bar { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; justify-content: space-between;
       margin-bottom: 1rem; }
.bar p { margin: 0; color: var(--soft); }
.stack { display: grid; gap: .75rem; }
input { font: inherit; padding: .625rem .75rem; width: 100%; color: inherit; background: var(--card);
        border: 1px solid var(--soft); border-radius: .5rem; }
button, .button { font: inherit; font-weight: 600; padding: .625rem 1.125rem; border: 0; border-radius: .5rem;
                  color: var(--accent-ink); background: var(--accent); text-decoration: none; cursor: pointer; }
button.wide { width: 100%; margin-top: 1rem; min-height: 2.75rem; overflow-wrap: anywhere; }
button.quiet { color: var(--ink); background: transparent; border: 1px solid var(--line); font-weight: 400; }
@media (max-width: 60rem) {
  header { padding: .75rem 1rem; }
  nav { order: 3; flex-basis: 100%; }
  main { padding: 1rem; }
  table, tbody, td { display: block; width: 100%; }
  thead { display: none; }
  table { background: none; border: 0; border-radius: 0; }
  tr { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)); background: var(--card);
       border: 1px solid var(--line); border-radius: .75rem; margin-bottom: .75rem; padding: .375rem 0; }
  td, td.n { border: 0; padding: .25rem 1rem; text-align: left; white-space: normal; }
  td { grid-column: span 3; }
  td.n { grid-column: span 2; padding-right: 0; }
  td:first-child { font-weight: 600; }
  td:first-child::before, td:first-child .soft { font-weight: 400; }
  td:empty { display: none; }
  td::before { content: attr(data-label); display: block; color: var(--soft); font-size: .8125rem; }
}
@media (max-width: 44rem) {
  td:not(.n) { grid-column: 1 / -1; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
}
)css";

}  // namespace tapport::hub
