// Times, durations and columns as people read them.

export const inWordsOfTime = (milliseconds: number): string => {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  const seconds = Math.floor((milliseconds % 60_000) / 1000);
  if (minutes < 60) return `${minutes} min ${seconds} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** To the second, in UTC; the zone stands in the heading. */
export const toSecond = (iso: string) => iso.slice(0, 19).replace('T', ' ');

/** Control characters would steer the terminal that a text is shown on. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out.
export const plain = (text: string) => text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');

/** Exactly `width` characters: filled up, or cut with an ellipsis. */
export function column(text: string, width: number): string {
  const clean = plain(text);
  return clean.length > width ? `${clean.slice(0, width - 1)}…` : clean.padEnd(width);
}

/** Lines of at most `width` characters, broken between words where there are any. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of plain(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else
      for (let at = 0; at < Math.max(word.length, 1); at += width - indent.length) {
        lines.push(indent + word.slice(at, at + width - indent.length));
      }
  }
  return lines;
}
