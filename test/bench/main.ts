import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAudit } from './audit.js';
import { benchDetection } from './detection.js';
import { benchGitHub } from './github.js';
import { benchInterpreter } from './interpreter.js';
import { benchManyIntents } from './many-intents.js';
import { benchPipeline } from './pipeline.js';
import { benchRestart } from './restart.js';
import { benchRetrieval } from './retrieval.js';
import { benchRollback } from './rollback.js';
import type { BenchOptions, BenchRow } from './row.js';
import { printRows } from './table.js';

const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<BenchRow[]>>> = {
  pipeline: benchPipeline,
  github: benchGitHub,
  'many-intents': benchManyIntents,
  rollback: benchRollback,
  restart: benchRestart,
  detection: () => benchDetection(),
  interpreter: benchInterpreter,
  audit: benchAudit,
  retrieval: benchRetrieval,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'bench-results.json' },
  },
});
const unknown = values.only.filter((name) => !(name in BENCHES));
if (unknown.length > 0)
  throw new Error(`No bench ${unknown.join(', ')}: there are ${Object.keys(BENCHES).join(', ')}`);

const rows: BenchRow[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (values.only.length > 0 && !values.only.includes(name)) continue;
  console.error(`${name} …`);
  const found = await bench({ quick: values.quick });
  printRows(found);
  rows.push(...found);
}
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? '?',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
};
await writeFile(
  values.out,
  `${JSON.stringify({ at: new Date().toISOString(), quick: values.quick, machine, rows }, null, 2)}\n`,
);
console.error(`written to ${values.out}`);
