// The graph of an execution as SVG, each state coloured by what happened to it.
import type { ArchivedExecution } from './archived-execution.ts';
import { type Definition, type Graph, type GraphEdge, type GraphNode, layOut } from './graph.ts';
import { type Html, html } from './html.ts';
import type { StateEntry } from './timeline.ts';

const box = { width: 190, height: 30 };
const rowHeight = 48;
const columnWidth = 250;
const margin = 8;

export type Fate = 'ok' | 'retried' | 'failed' | 'undone' | 'waiting' | 'untouched';

function fateOf({ column, type }: GraphNode, entry: StateEntry | undefined): Fate {
  if (!entry) return 'untouched';
  if (entry.isWaiting) return 'waiting';
  if (entry.error !== undefined || type === 'Fail') return 'failed';
  if (column === 1) return 'undone';
  return entry.attempts > 1 ? 'retried' : 'ok';
}

const left = ({ column }: GraphNode) => margin + column * columnWidth;
const top = ({ row }: GraphNode) => margin + row * rowHeight;
const middle = (node: GraphNode) => left(node) + box.width / 2;

function pathOf({ from, to }: GraphEdge, bend: number): string {
  if (from.column === to.column) {
    const isDown = to.row > from.row;
    const start = top(from) + (isDown ? box.height : 0);
    const end = top(to) + (isDown ? 0 : box.height);
    return `M${middle(from)} ${start}V${end}`;
  }
  const isRight = to.column > from.column;
  const startX = left(from) + (isRight ? box.width : 0);
  const endX = left(to) + (isRight ? 0 : box.width);
  const x = startX + (isRight ? bend : -bend);
  return `M${startX} ${top(from) + box.height / 2}H${x}V${top(to) + box.height / 2}H${endX}`;
}

/** Whether the execution went from one to the other: they follow each other among the states it was in. */
function wayTaken(states: readonly StateEntry[], { nodes }: Graph): (edge: GraphEdge) => boolean {
  const drawn = states.filter(({ state }) => nodes.some(({ name }) => name === state));
  const steps = new Set(drawn.slice(1).map(({ state }, index) => `${drawn[index]?.state} ${state}`));
  return ({ from, to }) => steps.has(`${from.name} ${to.name}`);
}

function edgeMarkup(edge: GraphEdge, isTaken: boolean): Html {
  const kind = `${edge.isFailure ? 'failure' : 'next'}${isTaken ? ' taken' : ''}`;
  const marker = isTaken ? 'url(#taken)' : 'url(#arrow)';
  return html`<path class="${kind}" d="${pathOf(edge, 30)}" marker-end="${marker}"/>`;
}

function nodeMarkup(node: GraphNode, entry: StateEntry | undefined): Html {
  const label = node.name.length > 25 ? `${node.name.slice(0, 24)}…` : node.name;
  const tries = entry && entry.attempts > 1 ? ` ×${entry.attempts}` : '';
  return html`<g class="state ${fateOf(node, entry)}"><title>${node.name}: ${fateOf(node, entry)}</title><rect x="${left(node)}" y="${top(node)}" width="${box.width}" height="${box.height}" rx="6"/><text x="${middle(node)}" y="${top(node) + 20}">${label}${tries}</text></g>`;
}

export function graphSvg({ states, status }: ArchivedExecution, definition: Definition): Html {
  const entries = new Map(states.map(entry => [entry.state, entry]));
  const graph: Graph = layOut(definition, new Set(entries.keys()));
  const isTaken = wayTaken(states, graph);
  const edges = [...graph.edges].sort((one, other) => Number(isTaken(one)) - Number(isTaken(other)));
  const columns = graph.nodes.some(({ column }) => column === 1) ? 2 : 1;
  const width = (columns - 1) * columnWidth + box.width + 2 * margin;
  const height = (graph.rows - 1) * rowHeight + box.height + 2 * margin;
  const arrow = (id: string) =>
    html`<marker id="${id}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>`;
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="State machine: ${status}"><defs>${arrow('arrow')}${arrow('taken')}</defs>${edges.map(edge => edgeMarkup(edge, isTaken(edge)))}${graph.nodes.map(node => nodeMarkup(node, entries.get(node.name)))}</svg>`;
}
