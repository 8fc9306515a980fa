/** The style of the practice's own pages: small, in one file, fetched from nowhere else; light, dark and on paper. */
export const STYLE = `:root { color-scheme: light dark; --ink: #212b32; --paper: #fff; --quiet: #d8dde0; --panel: #f0f4f5; --link: #005eb8; --been: #330072; --edge: #4c6272; --head: #005eb8; --alarm: #fff4d6; --alarm-edge: #8a4b00 }
@media screen and (prefers-color-scheme: dark) {
:root { --ink: #f0f4f5; --paper: #15191c; --quiet: #3b464d; --panel: #212b32; --link: #8cc4ff; --been: #c9b3ff; --edge: #aeb7bd; --head: #003d78; --alarm: #3a2b00; --alarm-edge: #ffb81c;
--cairn-blue: #8cc4ff; --cairn-orange: #ffb81c; --cairn-brown: #e0a878; --cairn-grey: #aeb7bd; --cairn-ink: #f0f4f5; --cairn-paper: #15191c }
}
body { font: 1.1rem/1.5 Arial, sans-serif; margin: 0; color: var(--ink); background: var(--paper) }
.nhsuk-width-container { max-width: 60rem; margin: 0 auto; padding: 0 1rem }
.cairn-header { background: var(--head); color: #fff; padding: 1rem 0 } .cairn-header > div { display: flow-root }
.cairn-header a { color: #fff; font-size: 1.4rem; font-weight: bold; text-decoration: none; margin-right: 1rem }
.cairn-header a:focus { color: #212b32; background: #ffeb3b; outline: 3px solid #212b32 }
.cairn-footer { background: var(--quiet); padding: 1rem 0; margin-top: 2rem; font-size: 1rem }
.cairn-header .nhsuk-width-container { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem }
.cairn-header a.cairn-header__account { margin: 0 0 0 auto; font-size: 1rem; text-decoration: underline }
.nhsuk-form-group { margin: 0 0 1rem } .nhsuk-label { display: block; font-weight: bold } .cairn-input { width: 24rem }
.nhsuk-error-summary { margin: 1.5rem 0; background: var(--alarm); border-left: .5rem solid var(--alarm-edge); padding: .25rem 1rem }
.nhsuk-skip-link { position: absolute; left: -999rem }
.nhsuk-skip-link:focus { left: 0; padding: .5rem; background: #ffeb3b; color: #212b32 }
.nhsuk-breadcrumb__list { list-style: none; margin: 1rem 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1rem }
.nhsuk-breadcrumb__list-item + .nhsuk-breadcrumb__list-item::before { content: "/"; margin-right: 1rem }
main { overflow-wrap: break-word }
h1 { line-height: 1.2; margin: 1rem 0 } h2 { margin: 2rem 0 .5rem } p, ul, dl { margin: .5rem 0 1rem }
a { color: var(--link) } a:visited { color: var(--been) }
a:focus-visible, summary:focus-visible, input:focus-visible, input:focus-within, select:focus-visible, button:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
code { overflow-wrap: anywhere; background: var(--panel); padding: 0 .25rem }
.nhsuk-caption-l { display: block; font-size: 1.2rem; font-weight: normal; color: var(--edge) }
.cairn-lead { font-size: 1.2rem } .cairn-number { font-size: 2.2rem; font-weight: bold; margin: 0 }
.cairn-alarm { background: var(--alarm); border-left: .5rem solid var(--alarm-edge); padding: .25rem 1rem }
.cairn-alarm h2 { margin: .5rem 0 } .cairn-note { border-left: .5rem solid var(--edge); padding: .25rem 1rem }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem } caption { text-align: left; font-weight: bold; padding: .5rem 0 }
th, td { padding: .4rem 1rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--quiet) }
tbody th { font-weight: normal }
td { font-variant-numeric: tabular-nums }
.cairn-topics table { table-layout: fixed } .cairn-topics th:first-child { width: 40% }
dt { font-weight: bold } dd { margin: 0 0 .5rem }
.nhsuk-table-responsive__heading { display: none; font-weight: bold }
.cairn-date-link { white-space: nowrap; display: inline-block; padding: .15rem 0 }
details { margin: .5rem 0 1rem } summary { color: var(--link); text-decoration: underline; cursor: pointer; padding: .25rem 0 }
.cairn-figure { margin: 0 } .cairn-chart { display: block; width: 100%; max-width: 38rem; height: auto; font-family: Arial, sans-serif }
.cairn-find { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; background: var(--panel); padding: 1rem; margin: 1rem 0 }
.cairn-find > div { max-width: 100% } .cairn-find > p { flex-basis: 100%; margin: 0 }
.cairn-find label { display: block; font-weight: normal } .cairn-find .nhsuk-form-group { margin: 0 } input, select, button { font: inherit; max-width: 100%; box-sizing: border-box; color: var(--ink); background: var(--paper); border: 2px solid var(--edge); padding: .4rem }
button { background: #005eb8; color: #fff; border-color: #005eb8; padding: .4rem 1.5rem; cursor: pointer }
input[type=checkbox] { width: 1.4rem; height: 1.4rem; vertical-align: middle }
.cairn-decide { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: center; margin: .75rem 0 } .cairn-decide > p { flex-basis: 100%; margin: 0 } .nhsuk-error-message { display: block; font-weight: bold } .cairn-quiet { background: var(--paper); color: var(--ink); border-color: var(--edge) }
.cairn-identifier { white-space: nowrap } .cairn-mark { display: block }
.cairn-legend { display: inline-block; margin-right: 1rem; font-size: 1rem }
.cairn-legend::before { content: ""; display: inline-block; width: 1em; height: 1em; margin-right: .5em; vertical-align: -.1em; print-color-adjust: exact }
.cairn-legend--median::before { background: color-mix(in srgb, var(--cairn-orange, #ed8b00) 45%, transparent); border: 1px solid var(--cairn-brown, #8a4b00) }
.cairn-legend--middle::before { background: color-mix(in srgb, var(--cairn-grey, #4c6272) 25%, transparent) }
.cairn-legend--elsewhere::before, .cairn-legend--limits::before { width: 1.5em; height: 0; vertical-align: .25em; border-top: 2px dashed var(--cairn-grey, #4c6272) }
.cairn-legend--limits::before { border-top-color: var(--cairn-brown, #8a4b00) }
.cairn-legend--aim::before { width: 1.5em; height: 3px; vertical-align: .25em; background: var(--cairn-orange, #ed8b00) }
.cairn-legend--own::before { width: .8em; height: .8em; background: var(--cairn-blue, #005eb8); transform: rotate(45deg) }
.cairn-place { display: inline-block; margin-right: .75rem } .nhsuk-inset-text { border-left: .5rem solid var(--edge); padding: .25rem 1rem }
.cairn-paper { display: none }
@media screen and (max-width: 40rem) {
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
table, caption, tbody, tr, th, td { display: block }
.cairn-small-table { display: table } .cairn-small-table caption { display: table-caption } .cairn-small-table thead { position: static; display: table-header-group; clip-path: none }
.cairn-small-table tbody { display: table-row-group } .cairn-small-table tr { display: table-row } .cairn-small-table :is(th, td) { display: table-cell }
tr { padding: .5rem 0; border-bottom: 1px solid var(--quiet) }
th, td, .cairn-topics th:first-child { padding: .1rem 0; border: 0; width: auto } tbody th { font-weight: bold } .cairn-small-table :is(th, td) { padding: .3rem 1rem .3rem 0; border-bottom: 1px solid var(--quiet) }
td .nhsuk-table-responsive__heading { display: inline } td:empty { display: none }
.cairn-chart text { font-size: 26px } .cairn-waterfall text { font-size: 24px }
}
@page { margin: 14mm; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt Arial, sans-serif } }
@media print {
.nhsuk-skip-link, .nhsuk-breadcrumb, .cairn-header__account, .cairn-date, .cairn-find, .cairn-decide, .cairn-screen, summary { display: none } .cairn-paper { display: block }
body { font-size: 11pt } .nhsuk-width-container { max-width: none; padding: 0 } .cairn-header, .cairn-footer { background: none; color: var(--ink); padding: 0 } .cairn-header a { color: var(--ink) }
details::details-content { content-visibility: visible; display: block; block-size: auto }
.cairn-together, .cairn-figure, tr { break-inside: avoid } h1, h2, h3, caption { break-after: avoid } thead { display: table-header-group }
}`;
