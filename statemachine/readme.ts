// The generated parts of the README: the graph of the state machine and the table of the input.
import { inputSchema } from '../core/input-schema.ts';
import { removal, steps } from './steps.ts';

const mark = (name: string, edge: 'begin' | 'end') => `<!-- ${edge} ${name}: npm run generate -->`;

/** Mermaid: forward states down, rollback states up. */
function graph(): string {
  const lines = ['```mermaid', 'flowchart TB', '  PlanChanges --> CreateRole'];
  lines.push('  TakeInventory --> Failed');
  let back = 'TakeInventory';
  for (const [index, { name, rollback }] of steps.entries()) {
    const next = steps[index + 1]?.name ?? 'Provisioned';
    lines.push(`  ${name} --> ${next}`);
    if (rollback) {
      lines.push(`  ${name} -. fails .-> ${rollback.name}`, `  ${rollback.name} --> ${back}`);
      back = rollback.name;
    } else if (back !== 'TakeInventory') lines.push(`  ${name} -. fails .-> ${back}`);
  }
  lines.push(`  PlanChanges -- remove --> ${removal[0]?.name}`);
  for (const [index, { name }] of removal.entries())
    lines.push(`  ${name} --> ${removal[index + 1]?.name ?? 'Removed'}`);
  return [...lines, '```'].join('\n');
}

interface Field {
  readonly default?: unknown;
  readonly description?: string;
}

function inputTable(): string {
  const required = new Set<string>([...inputSchema.required, 'service', 'action']);
  const rows = Object.entries(inputSchema.properties as Readonly<Record<string, Field>>).map(
    ([name, field]) => {
      const byDefault = required.has(name)
        ? 'required'
        : field.default === undefined
          ? '–'
          : typeof field.default === 'string'
            ? field.default
            : `\`${JSON.stringify(field.default)}\``;
      return `| \`${name}\` | ${byDefault} | ${(field.description ?? '').replaceAll('|', '\\|')} |`;
    },
  );
  return ['| field | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const parts: Readonly<Record<string, () => string>> = { graph, input: inputTable };

/** The README with its generated parts made anew. */
export function withGeneratedParts(readme: string): string {
  let text = readme;
  for (const [name, make] of Object.entries(parts)) {
    const [begin, end] = [mark(name, 'begin'), mark(name, 'end')];
    const start = text.indexOf(begin);
    const stop = text.indexOf(end);
    if (start === -1 || stop === -1) throw new Error(`the README has no part ${name}`);
    text = `${text.slice(0, start + begin.length)}\n${make()}\n${text.slice(stop)}`;
  }
  return text;
}
