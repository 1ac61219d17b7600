// The catalog's answers in words, for a terminal of 80 columns.
import type { ExposedOperation, ListedOperation, Overview } from './catalog-answers.ts';

const width = 80;

/** Text in lines of at most 80 columns, those after the first indented; a longer word stays whole. */
function wrapped(start: string, text: string, indent: number): string {
  const lines: string[] = [];
  let line = start;
  for (const word of text.split(' ')) {
    const isEmpty = line.trim() === '' || line === start;
    if (!isEmpty && line.length + 1 + word.length > width) {
      lines.push(line.trimEnd());
      line = ' '.repeat(indent);
    }
    line += line.trim() === '' || line === start ? word : ` ${word}`;
  }
  return [...lines, line.trimEnd()].join('\n');
}

const field = (name: string, text: string) => wrapped(`${name.padEnd(12)}`, text, 12);

const counted = (counts: Readonly<Record<string, number>>): string[] =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => wrapped(`  ${String(count).padStart(6)}  `, name, 10));

export function overviewInWords(all: Overview): string {
  return [
    `${all.operations} operations of ${all.services} services (${all.models}); ${all.derivable} can be exposed.`,
    '',
    'By how well that is known:',
    ...counted(all.byStatus),
    'By protocol:',
    ...counted(all.byProtocol),
    'Cannot be exposed, because:',
    ...counted(all.byReason),
    '',
    'service-proxy catalog SERVICE [ACTION] says more.',
  ].join('\n');
}

export function serviceInWords(operations: readonly ListedOperation[]): string {
  const longest = Math.max(...operations.map(({ action }) => action.length)) + 2;
  const lines: string[] = [];
  const reasons = new Set(operations.map(({ status, reason }) => `${status}${reason ? `: ${reason}` : ''}`));
  for (const verdict of reasons) {
    lines.push(...(lines.length > 0 ? [''] : []), wrapped('', verdict, 2));
    const named = operations.filter(
      ({ status, reason }) => `${status}${reason ? `: ${reason}` : ''}` === verdict,
    );
    const columns = Math.max(1, Math.floor((width - 2) / longest));
    for (let at = 0; at < named.length; at += columns) {
      const row = named.slice(at, at + columns).map(({ action }) => action.padEnd(longest));
      lines.push(`  ${row.join('').trimEnd()}`);
    }
  }
  return lines.join('\n');
}

function parameterLines({ parameters }: ExposedOperation): string[] {
  const longest = Math.min(32, Math.max(0, ...parameters.map(({ member }) => member.length)) + 1);
  return parameters.map(({ member, required, type, from, name, value }) => {
    const source = from === undefined ? `fixed to ${JSON.stringify(value)}` : `${from} ${name}`;
    const text = `${type}, from the ${source}${required ? ', required' : ''}`.replace(
      'from the fixed',
      'fixed',
    );
    return wrapped(`  ${member.padEnd(longest)} `, text, longest + 3);
  });
}

export function operationInWords(operation: ExposedOperation): string {
  const { service, action, protocol, status, reason, source, httpMethod, integration, iam } = operation;
  const why = reason ?? source;
  const lines = [
    `${service} ${action}`,
    field('status', `${status}${why ? `: ${why}` : ''}`),
    field('protocol', `${protocol}${operation.readOnly ? ', only reads' : ''}`),
  ];
  if (!integration) return lines.join('\n');
  lines.push(
    field('method', `${httpMethod} /${service}/${action} unless the input says otherwise`),
    field('calls', `${integration.httpMethod} ${integration.uri}`),
    ...Object.entries(integration.requestParameters).map(([to, from]) => field('', `${to} = ${from}`)),
    field('role may', `${iam.actions.join(', ')} on ${iam.resources.join(' or ')}`),
    ...iam.needs.map(need => field('may need', need)),
  );
  if (operation.parameters.length > 0) lines.push('parameters', ...parameterLines(operation));
  const [template] = Object.values(integration.requestTemplates);
  if (template !== undefined) lines.push('body template: see --json');
  return lines.join('\n');
}
