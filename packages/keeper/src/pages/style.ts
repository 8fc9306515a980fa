/** The style of the practice's own pages: small, in one file, fetched from nowhere else. */
export const STYLE = `body { font: 1.1rem/1.5 Arial, sans-serif; margin: 0; color: #212b32; background: #fff }
.nhsuk-width-container { max-width: 50rem; margin: 0 auto; padding: 0 1rem }
.cairn-header { background: #005eb8; color: #fff; padding: 1rem 0 }
.cairn-header a { color: #fff; font-size: 1.4rem; font-weight: bold; text-decoration: none; margin-right: 1rem }
.cairn-header a:focus { color: #212b32; background: #ffeb3b; outline: 3px solid #212b32 }
.cairn-footer { background: #d8dde0; padding: 1rem 0; margin-top: 2rem; font-size: 1rem }
.nhsuk-skip-link { position: absolute; left: -999rem }
.nhsuk-skip-link:focus { left: 0; padding: .5rem; background: #ffeb3b; color: #212b32 }
.nhsuk-breadcrumb__list { list-style: none; margin: 1rem 0 0; padding: 0 }
main { overflow-wrap: break-word }
a { color: #005eb8 } a:visited { color: #330072 }
table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: bold }
th, td { padding: .25rem 1rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid #d8dde0 }
td { font-variant-numeric: tabular-nums }
.nhsuk-table-responsive__heading { display: none; font-weight: bold }
.cairn-date-link { white-space: nowrap; margin-right: .5rem }
@media screen and (max-width: 40rem) {
thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
table, caption, tbody, tr, th, td { display: block }
tr { padding: .5rem 0; border-bottom: 1px solid #d8dde0 }
th, td { padding: .1rem 0; border: 0 }
td .nhsuk-table-responsive__heading { display: inline }
}
@media print { .nhsuk-skip-link, .nhsuk-breadcrumb { display: none } tr { break-inside: avoid } h2, h3, caption { break-after: avoid } }`;
