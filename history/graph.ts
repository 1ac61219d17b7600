// Lays out the states of a definition: forward states down the left, what a failure leads to beside them, going up.

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next?: string; readonly Condition?: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
}

/** The part of the Amazon States Language that a graph shows. */
export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export interface GraphNode {
  readonly name: string;
  readonly type: string;
  /** 0 for the way forward, 1 for what failures lead to. */
  readonly column: 0 | 1;
  readonly row: number;
}

export interface GraphEdge {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly isFailure: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly rows: number;
}

/** Where a state goes when nothing fails; of a choice, the way that this execution took. */
function nextOf(state: State, visited: ReadonlySet<string>): string | undefined {
  const ways = [...(state.Choices ?? []).map(({ Next }) => Next), state.Default, state.Next];
  return ways.find(way => way !== undefined && visited.has(way)) ?? state.Default ?? state.Next;
}

/**
 * Where a failure leads: choices on the way back are not drawn, for each only finds the rollback of the state that
 * failed. Of such a choice, the way whose condition names that state; else the one taken; else the default.
 */
function behindChoices(
  definition: Definition,
  name: string,
  from: string,
  visited: ReadonlySet<string>,
): string {
  const { States: states } = definition;
  const state = states[name];
  if (state?.Type !== 'Choice') return name;
  const { Choices = [], Default } = state;
  const named = Choices.find(({ Condition = '' }) => Condition.includes(`'${from}'`));
  const taken = Choices.find(({ Next = '' }) => visited.has(Next) && states[Next]?.Type !== 'Choice');
  const next = (named ?? (Choices.length === 1 ? taken : undefined))?.Next ?? Default;
  return next === undefined ? name : behindChoices(definition, next, from, visited);
}

/** The states one after another from `start`, as far as they are not placed yet. */
function way(
  { States: states }: Definition,
  start: string | undefined,
  visited: ReadonlySet<string>,
  placed: ReadonlyMap<string, GraphNode>,
): string[] {
  const names: string[] = [];
  for (let name = start; name !== undefined && !placed.has(name) && !names.includes(name); ) {
    const state = states[name];
    if (!state) break;
    names.push(name);
    name = nextOf(state, visited);
  }
  return names;
}

export function layOut(definition: Definition, visited: ReadonlySet<string>): Graph {
  const { States: states, StartAt } = definition;
  const placed = new Map<string, GraphNode>();
  const place = (name: string, column: 0 | 1, row: number) =>
    placed.set(name, { name, type: states[name]?.Type ?? '', column, row });
  for (const [row, name] of way(definition, StartAt, visited, placed).entries()) place(name, 0, row);
  const taken = new Set<number>();
  const free = (from: number, step: 1 | -1) => {
    let row = from;
    while (taken.has(row)) row += step;
    return row;
  };
  // Each rollback stands beside its state; what catches one error alone, and comes before, wherever there is room.
  const caughtBy = (from: number, to?: number) =>
    [...placed.values()].map(({ name, row }) => ({ name, row, ways: states[name]?.Catch?.slice(from, to) }));
  for (const { name, row, ways = [] } of [...caughtBy(-1), ...caughtBy(0, -1)]) {
    for (const { Next } of ways) {
      let at = free(row, 1);
      for (const next of way(definition, behindChoices(definition, Next, name, visited), visited, placed)) {
        place(next, 1, at);
        taken.add(at);
        const above = free(at, -1);
        at = above >= 0 ? above : free(at, 1);
      }
    }
  }
  return { nodes: [...placed.values()], edges: edgesOf(definition, placed, visited), rows: rowsOf(placed) };
}

const rowsOf = (placed: ReadonlyMap<string, GraphNode>) =>
  Math.max(0, ...[...placed.values()].map(({ row }) => row)) + 1;

function edgesOf(
  definition: Definition,
  placed: ReadonlyMap<string, GraphNode>,
  visited: ReadonlySet<string>,
): GraphEdge[] {
  return [...placed.values()].flatMap(from => {
    const { Next, Default, Choices = [], Catch = [] } = definition.States[from.name] ?? {};
    const to = (names: readonly (string | undefined)[], isFailure: boolean): GraphEdge[] =>
      [...new Set(names)].flatMap(name => {
        const target = name === undefined ? undefined : placed.get(name);
        return target ? [{ from, to: target, isFailure }] : [];
      });
    // A rollback state goes on the same way whether it fails or not.
    const caught = from.column === 0 ? Catch : [];
    const behind = caught.map(one => behindChoices(definition, one.Next, from.name, visited));
    return [...to([Next, Default, ...Choices.map(choice => choice.Next)], false), ...to(behind, true)];
  });
}
