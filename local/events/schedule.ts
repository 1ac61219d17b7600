// Schedule expressions: `rate(5 minutes)` and `cron(0 18 ? * MON-FRI *)`, in UTC.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
import { validation } from './errors.ts';

/** The first time after `after` (milliseconds since the epoch); undefined when there is none any more. */
export type NextTime = (after: number, createdAt: number) => number | undefined;

const invalid = () => validation('Parameter ScheduleExpression is not valid.');

export function readSchedule(expression: string): NextTime {
  const [, kind, content = ''] = /^(rate|cron)\(([^()]*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return readRate(content);
  if (kind === 'cron') return readCron(content.trim().split(/\s+/));
  throw invalid();
}

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function readRate(content: string): NextTime {
  const [, digits, unit = '', plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(content) ?? [];
  const count = Number(digits);
  const period = count * (units[unit] ?? 0);
  // One minute, but two minutes.
  if (!period || (count === 1) !== (plural === '')) throw invalid();
  return (after, createdAt) => createdAt + (Math.floor((after - createdAt) / period) + 1) * period;
}

const months = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const weekdays = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** Whether the day of that date is meant. */
type DayTest = (date: Date) => boolean;

function readCron(fields: readonly string[]): NextTime {
  const [minute, hour, day, month, weekday, year] = fields;
  if (fields.length !== 6 || !minute || !hour || !day || !month || !weekday || !year) throw invalid();
  // One of the two days must be left open: they cannot both be said.
  if ((day === '?') === (weekday === '?')) throw invalid();
  const minutes = readValues(minute, 0, 59);
  const hours = readValues(hour, 0, 23);
  const monthsMeant = readValues(month, 1, 12, months);
  const years = readValues(year, 1970, 2199);
  const isDay = day === '?' ? readWeekday(weekday) : readDay(day);
  return after => {
    const date = new Date(Math.floor(after / 60_000) * 60_000 + 60_000);
    while (date.getUTCFullYear() <= 2199) {
      if (!years.has(date.getUTCFullYear())) date.setTime(Date.UTC(date.getUTCFullYear() + 1, 0, 1));
      else if (!monthsMeant.has(date.getUTCMonth() + 1)) {
        date.setTime(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
      } else if (!isDay(date)) {
        date.setTime(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1));
      } else if (!hours.has(date.getUTCHours())) date.setUTCHours(date.getUTCHours() + 1, 0);
      else if (!minutes.has(date.getUTCMinutes())) date.setTime(date.getTime() + 60_000);
      else return date.getTime();
    }
    return undefined;
  };
}

/** `*`, `5`, `1-5`, `0/15`, `MON-FRI` and lists of these; names count from `first`. */
function readValues(field: string, first: number, last: number, names: readonly string[] = []): Set<number> {
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    const value = named >= 0 ? named + first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= first && value <= last)) throw invalid();
    return value;
  };
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [range = '', step = '1', ...more] = part.split('/');
    const [from = '', to, ...rest] = range.split('-');
    const stride = Number(step);
    if (more.length > 0 || rest.length > 0 || !(Number.isInteger(stride) && stride > 0)) throw invalid();
    const start = from === '*' ? first : numberOf(from);
    const isOpen = from === '*' || part.includes('/');
    const end = to !== undefined ? numberOf(to) : isOpen ? last : start;
    for (let value = start; value <= end; value += stride) values.add(value);
  }
  return values;
}

const daysInMonth = (date: Date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();

/** `L` is the last day of the month, `15W` the weekday nearest to the fifteenth. */
function readDay(field: string): DayTest {
  if (field === 'L') return date => date.getUTCDate() === daysInMonth(date);
  const nearest = /^(\d+)W$/.exec(field)?.[1];
  if (nearest === undefined) {
    const days = readValues(field, 1, 31);
    return date => days.has(date.getUTCDate());
  }
  const meant = Number(nearest);
  if (meant < 1 || meant > 31) throw invalid();
  return date => {
    const last = daysInMonth(date);
    if (meant > last) return false;
    const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), meant)).getUTCDay();
    const shift = weekday === 6 ? (meant === 1 ? 2 : -1) : weekday === 0 ? (meant === last ? -2 : 1) : 0;
    return date.getUTCDate() === meant + shift;
  };
}

/** `3#2` is the second Tuesday of the month, `6L` its last Friday; 1 is Sunday. */
function readWeekday(field: string): DayTest {
  const [, day, which] = /^([1-7])(#[1-5]|L)$/.exec(field) ?? [];
  if (day === undefined) {
    const days = readValues(field === 'L' ? '7' : field, 1, 7, weekdays);
    return date => days.has(date.getUTCDay() + 1);
  }
  return date => {
    if (date.getUTCDay() + 1 !== Number(day)) return false;
    if (which === 'L') return date.getUTCDate() + 7 > daysInMonth(date);
    return Math.ceil(date.getUTCDate() / 7) === Number(which?.slice(1));
  };
}
