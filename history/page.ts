// One execution as one self-contained HTML page: the graph coloured by what happened, timeline, plan, calls.
import type { ArchivedCall, ArchivedExecution } from './archived-execution.ts';
import type { Definition } from './graph.ts';
import { graphSvg } from './graph-svg.ts';
import { Html, html } from './html.ts';
import { durationOf } from './index-entry.ts';
import { pageStyle } from './page-style.ts';
import { inWordsOfTime, toSecond } from './text.ts';
import type { StateEntry } from './timeline.ts';

const fact = (name: string, value: string | undefined): readonly Html[] =>
  value === undefined || value === '' ? [] : [html`<dt>${name}</dt><dd>${value}</dd>`];

function facts(execution: ArchivedExecution): Html {
  const { operation, api, restApiId, stage, startedAt, requestedBy, executionArn, routes } = execution;
  const duration = durationOf(execution);
  const first = routes.slice(0, 20).map(({ httpMethod = '', path = '', service, action }) => {
    return html`<li><b>${httpMethod} ${path}</b> → ${service} ${action}</li>`;
  });
  const more = routes.length > 20 ? [html`<li>and ${routes.length - 20} more</li>`] : [];
  return html`<dl>${[
    ...fact('Operation', operation),
    ...fact('API', restApiId === undefined ? api : `${api} (${restApiId})`),
    ...fact('Stage', stage),
    ...fact('Started', `${toSecond(startedAt)} UTC`),
    ...fact('Took', duration === undefined ? 'still running' : inWordsOfTime(duration)),
    ...fact('Asked for by', requestedBy),
    ...fact('Started by', execution.startedBy?.arn),
    ...fact('Finishes', execution.finishes),
    ...fact('Execution', executionArn),
  ]}</dl><ul class="routes">${[...first, ...more]}</ul>`;
}

function failure({ failedState, error, cause }: ArchivedExecution): readonly Html[] {
  if (error === undefined) return [];
  const where = failedState === undefined ? '' : ` in ${failedState}`;
  return [html`<section class="failure"><h2>${error}${where}</h2><p>${cause}</p></section>`];
}

function timelineRow(entry: StateEntry, start: number, whole: number): Html {
  const at = Date.parse(entry.enteredAt) - start;
  const width = Math.max(entry.durationMs, whole / 200);
  const percent = (milliseconds: number) => ((100 * milliseconds) / whole).toFixed(2);
  const kind = entry.isWaiting
    ? 'waiting'
    : entry.error !== undefined
      ? 'failed'
      : entry.attempts > 1
        ? 'retried'
        : 'ok';
  const failed = entry.tries.flatMap(({ error, cause }, index) =>
    error === undefined ? [] : [html`<li>attempt ${index + 1}: <b>${error}</b> ${cause}</li>`],
  );
  const wait = entry.isWaiting ? ' · waits for a decision' : '';
  const attempts = entry.attempts > 1 ? ` · ${entry.attempts} attempts` : '';
  const list = failed.length > 0 ? [html`<ol class="tries">${failed}</ol>`] : [];
  return html`<li class="${kind}"><div class="name">${entry.state}</div><div class="bar"><i style="margin-left:${percent(Math.min(at, whole - width))}%;width:${percent(width)}%"></i></div><div class="took">${inWordsOfTime(entry.durationMs)}${attempts}${wait}</div>${list}</li>`;
}

function timeline({ states, startedAt }: ArchivedExecution): Html {
  const start = Date.parse(startedAt);
  const end = Math.max(
    start + 1,
    ...states.map(({ enteredAt, durationMs }) => Date.parse(enteredAt) + durationMs),
  );
  const shown = states.filter(({ attempts, durationMs }) => attempts > 0 || durationMs >= 1000);
  return html`<ol class="timeline">${shown.map(entry => timelineRow(entry, start, end - start))}</ol>`;
}

const lines = (title: string, items: readonly string[]): readonly Html[] =>
  items.length === 0 ? [] : [html`<h3>${title}</h3><ul>${items.map(item => html`<li>${item}</li>`)}</ul>`];

function changes({ plan, status, rolledBack, notRolledBack }: ArchivedExecution): Html {
  const left = notRolledBack.map(({ state, error, cause }) => `${state}: ${error}: ${cause}`);
  const title = status === 'SUCCEEDED' ? 'Carried out' : 'Planned';
  return html`${[...lines(title, plan), ...lines('Taken away again', rolledBack), ...lines('Left behind', left)]}`;
}

function callRow({ at, state, service, operation, target, status, error, requestId }: ArchivedCall): Html {
  const answer = error === undefined ? html`${status}` : html`<b class="bad">${status} ${error}</b>`;
  return html`<tr><td data-is="Time">${at.slice(11, 23)}</td><td data-is="State">${state}</td><td data-is="Call">${service}:${operation}</td><td data-is="On">${target}</td><td data-is="Answer">${answer}</td><td data-is="Request" class="id">${requestId}</td></tr>`;
}

function calls({ calls: made, callsMissing }: ArchivedExecution): Html {
  const missing = callsMissing > 0 ? [html`<p>${callsMissing} calls are not on record.</p>`] : [];
  const own = made.filter(({ service }) => service !== 'dynamodb');
  const ledger = made.filter(({ service }) => service === 'dynamodb');
  const table = (rows: readonly ArchivedCall[]) =>
    html`<table><thead><tr><th>Time (UTC)</th><th>State</th><th>Call</th><th>On</th><th>Answer</th><th>Request id</th></tr></thead><tbody>${rows.map(callRow)}</tbody></table>`;
  const writes =
    ledger.length === 0
      ? []
      : [html`<details><summary>${ledger.length} writes to the ledger</summary>${table(ledger)}</details>`];
  return html`${own.length === 0 ? html`<p>None.</p>` : table(own)}${writes}${missing}`;
}

export function pageOf(execution: ArchivedExecution, definition: Definition): string {
  const { name, status } = execution;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta http-equiv="Content-Security-Policy" content="${policy}"><title>${status} ${name}</title><style>${new Html(pageStyle)}</style></head>
<body><header><span class="status ${status}">${status}</span><h1>${name}</h1></header>
${[facts(execution), ...failure(execution)]}
<main><section class="graph"><h2>States</h2>${graphSvg(execution, definition)}<p class="legend"><span class="ok">done</span><span class="retried">after retries</span><span class="failed">failed</span><span class="undone">rolled back</span><span class="waiting">waiting</span></p></section>
<div><section><h2>Timeline</h2>${timeline(execution)}</section><section><h2>Plan</h2>${changes(execution)}</section></div></main>
<section><h2>AWS calls that change something</h2>${calls(execution)}</section>
</body></html>
`;
  return page.text;
}
