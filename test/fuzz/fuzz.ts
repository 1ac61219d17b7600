// npm run fuzz -- --inputs N --seed S: tries that many hostile inputs, and names each one that did what it must not.
import { parseArgs } from 'node:util';
import { fuzzedInput } from './inputs.ts';
import { tryInput } from './try-input.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const [inputs, first] = [Number(values.inputs), Number(values.seed)];
const started = process.cpuUsage();
let accepted = 0;
let violations = 0;
for (let seed = first; seed < first + inputs; seed++) {
  const input = fuzzedInput(seed);
  const trial = await tryInput(input);
  if (trial.outcome === 'accepted') accepted += 1;
  if (trial.violations.length === 0) continue;
  violations += 1;
  const text = (JSON.stringify(input) ?? String(input)).slice(0, 300);
  console.log(
    `seed ${seed}: ${trial.violations.join('; ').slice(0, 600)}\n  ${text}\n  npm run fuzz -- --inputs 1 --seed ${seed}`,
  );
}
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1_000_000;
console.log(
  `${inputs} inputs from seed ${first}: ${accepted} accepted, ${inputs - accepted} refused, ${violations} violations; ${Math.round(inputs / seconds)} per CPU second`,
);
process.exitCode = violations > 0 ? 1 : 0;
