// Texts in mapping templates (VTL): names, constants and variables that nothing in a value can break out of.

/** A name as VTL text that nothing in it can end or be read as a reference in: names hold no quotes. */
export const quoted = (name: string) => `'${name.replaceAll("'", '')}'`;

/** Half of a character: no UTF-8 for it exists. */
const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Percent-encodes everything that a form, or VTL, could read as its own. */
export const inForm = (value: string) =>
  encodeURIComponent(value.replaceAll(loneSurrogate, '\ufffd')).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Characters that XML 1.0 has no way to write. */
const notXml = /[^\t\n\r\u0020-\ufffd]/g;

/** An XML text, with VTL's own characters as references too. */
export const inXml = (value: string) =>
  value
    .replaceAll(loneSurrogate, '\ufffd')
    .replaceAll(notXml, '\ufffd')
    .replace(/[&<>"'\r$#]/g, character => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`);

/** The same for a value known only when the template runs. */
export const escapedXml = (variable: string) =>
  [
    `#set($t = "$!${variable.slice(1)}")`,
    '$t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(\'"\', "&quot;")',
    '.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\uFFFE\\uFFFF]", "&#xFFFD;").replaceAll("\\r", "&#xD;")',
  ].join('');

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const plainText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Lines of a template that walk through a value of the caller's JSON. */
export class TemplateLines {
  readonly lines: string[] = [];
  private variables = 0;

  push(...lines: readonly string[]): void {
    this.lines.push(...lines);
  }

  variable(): string {
    this.variables += 1;
    return `$v${this.variables}`;
  }

  /** What is written only where `object` has the member; `otherwise` where it has not. */
  whereGiven(object: string, name: string, write: (value: string) => void, otherwise = ''): void {
    const value = this.variable();
    this.push(`#if(${object}.containsKey(${quoted(name)}))#set(${value} = ${object}.get(${quoted(name)}))`);
    write(value);
    this.push(`${otherwise && `#else${otherwise}`}#end`);
  }

  /** Once for each element; `$foreach` means the innermost loop only, so the count is kept. */
  forEach(list: string, write: (element: string, count: string) => void): void {
    const element = this.variable();
    const count = this.variable().slice(1);
    this.push(`#foreach(${element} in ${list})#set($${count} = $foreach.count)`);
    write(element, `\${${count}}`);
    this.push('#end');
  }
}
