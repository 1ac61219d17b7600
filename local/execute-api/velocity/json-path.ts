// JSONPath as templates and parameter mappings use it.
import { JSONPath } from 'jsonpath-plus';
import { isMap } from './java.ts';

/** Undefined where a path that means one thing finds nothing; one that may mean several gives a list. */
export function findJson(document: unknown, path: string): unknown {
  if (path === '$') return document;
  const length = /^(.*)\.(?:length|size)\(\)$/s.exec(path);
  if (length?.[1] !== undefined) {
    const found = findJson(document, length[1]);
    return Array.isArray(found) ? found.length : isMap(found) ? Object.keys(found).length : undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const expression = path.startsWith('$') ? path : path.startsWith('[') ? `$${path}` : `$.${path}`;
  const unquoted = expression.replace(/'[^']*'|"[^"]*"/g, '');
  const isDefinite = !/[*?,:]|\.\.|\[\(/.test(unquoted);
  const found: unknown = JSONPath({ path: expression, json: document, wrap: true, eval: 'safe' });
  if (!Array.isArray(found)) return isDefinite ? undefined : [];
  return isDefinite ? found[0] : found;
}
