// How the page of an execution looks: on a screen of any width, light or dark, and on paper.

export const pageStyle = `
:root{--paper:#fff;--card:#f6f7f9;--ink:#1c2430;--dim:#5c6675;--line:#d5dae1;--ok:#1a7f4b;--retried:#a15c00;--failed:#c22f2f;--undone:#2c63c4;--waiting:#7a3fb5;--tint:14%}
@media (prefers-color-scheme:dark){:root{--paper:#12161c;--card:#1b212a;--ink:#e4e8ee;--dim:#97a2b1;--line:#333d4a;--ok:#4cc38a;--retried:#e5a13d;--failed:#f07070;--undone:#7aa7f7;--waiting:#c39af0;--tint:20%}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px;max-width:1240px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;gap:12px;align-items:center}
h1{font-size:20px;margin:0}h2{font-size:16px;margin:0 0 10px}h3{font-size:14px;margin:14px 0 4px;color:var(--dim)}
ul,ol{margin:0;padding-left:18px}p{margin:4px 0}
.status{padding:3px 10px;border-radius:6px;font-weight:600;font-size:13px;color:var(--paper);background:var(--dim)}
.SUCCEEDED{background:var(--ok)}.FAILED,.TIMED_OUT,.ABORTED,.ROLLBACK_INCOMPLETE{background:var(--failed)}.RUNNING{background:var(--waiting)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:16px 0 8px}dt{color:var(--dim)}dd{margin:0}
.routes{list-style:none;padding:0;margin-bottom:16px}
section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin-top:16px}
.failure{border-color:var(--failed)}.failure h2{color:var(--failed);margin:0}
main{display:grid;grid-template-columns:minmax(0,480px) minmax(0,1fr);gap:0 16px;align-items:start}
svg{display:block;max-width:100%;height:auto}
svg path{fill:none;stroke:var(--line);stroke-width:1.5}svg .failure{stroke-dasharray:4 4}
svg .taken{stroke:var(--ink)}svg .taken.failure{stroke:var(--failed)}
marker path{stroke:none;fill:var(--line)}#taken path{fill:var(--ink)}
.state rect{fill:var(--paper);stroke:var(--line);stroke-width:1.5}
.state text{fill:var(--dim);font-size:13px;text-anchor:middle}
.state:not(.untouched) text{fill:var(--ink)}
.ok{--c:var(--ok)}.retried{--c:var(--retried)}.failed{--c:var(--failed)}.undone{--c:var(--undone)}.waiting{--c:var(--waiting)}
.state:not(.untouched) rect{stroke:var(--c);fill:color-mix(in srgb,var(--c) var(--tint),var(--paper))}
.legend{display:flex;flex-wrap:wrap;gap:4px 14px;margin-top:12px;font-size:13px;color:var(--dim)}
.legend span::before{content:"";display:inline-block;width:10px;height:10px;margin-right:6px;border-radius:3px;background:var(--c)}
.timeline{list-style:none;padding:0}
.timeline>li{display:grid;grid-template-columns:190px 1fr 190px;gap:0 12px;align-items:center;padding:2px 0}
.bar{height:10px;background:color-mix(in srgb,var(--line) 45%,transparent);border-radius:3px;overflow:hidden}
.bar i{display:block;height:100%;background:var(--c);border-radius:3px;max-width:100%}
.took{font-size:13px;color:var(--dim)}
.tries{grid-column:1/-1;font-size:13px;list-style:none;padding:2px 0 6px;color:var(--dim)}.tries b,.bad{color:var(--failed)}
table{width:100%;border-collapse:collapse;font-size:13px}
th{text-align:left;color:var(--dim);font-weight:500}td,th{padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
@media (min-width:1000px){td:nth-child(-n+2),td:nth-child(5),th{white-space:nowrap;overflow-wrap:normal}td:nth-child(3){min-width:258px}td.id{white-space:nowrap;font-size:11px;padding-right:0}}
.id{font-family:ui-monospace,monospace;font-size:12px}
details{margin-top:10px}summary{cursor:pointer;color:var(--dim)}
@media (max-width:999px){main{grid-template-columns:minmax(0,1fr)}}
@media (max-width:640px){body{padding:12px}section{padding:12px}
.timeline>li{grid-template-columns:1fr auto}.bar{grid-column:1/-1;grid-row:2}
thead{display:none}tr{display:block;padding:6px 0;border-bottom:1px solid var(--line)}
td{display:grid;grid-template-columns:64px 1fr;border:0;padding:1px 0}td::before{content:attr(data-is);color:var(--dim)}td:empty{display:none}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:6px}}
@media print{:root{--paper:#fff;--card:#fff;--ink:#000;--dim:#444;--line:#bbb}body{max-width:none;padding:0;font-size:11px}
svg,tr,.failure,.timeline>li{break-inside:avoid}h2,h3{break-after:avoid}main{display:block}svg{width:auto;max-height:150mm}section{padding:10px;margin-top:10px}h1{font-size:16px}h2{font-size:12px}h3,table,.took,.tries,.legend{font-size:9px}td.id{font-size:7px}td:not(:nth-child(4)),th{white-space:nowrap}.status,.bar i,.state rect,.legend span::before{print-color-adjust:exact}}
`;
