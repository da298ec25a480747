import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { git } from '../../controller/cli/git.js';
import { beside, figure } from './figures.js';
import { commitIntent, eventually, IDENTITY, intentFile, proposed } from './intents.js';
import type { BenchOptions, BenchRow } from './row.js';
import { type Stage, setStage } from './stage.js';

const SIZES = [10, 1_000, 10_000];
/** One in so many is a question, the rest is on hold. */
const ASKING = 20;
/** Not measured: code that was run a few times only is slower, however few intents there are. */
const WARM_UP = 15;

/**
 * What one new intent costs, from its commit to its proposal, among many that are there already; and the memory that the
 * controller holds then, its PostgreSQL not counted.
 */
export async function benchManyIntents({ quick }: BenchOptions): Promise<BenchRow[]> {
  const sizes = quick ? SIZES.slice(0, 2) : SIZES;
  const stage = await setStage();
  try {
    const rows: BenchRow[] = [];
    const memory: BenchRow[] = [];
    let there = 0;
    for (const size of sizes) {
      const seconds = await addIntents(stage, there, size);
      const added = size - there;
      there = size;
      const values: number[] = [];
      for (let round = -WARM_UP; round < (quick ? 5 : 20); round += 1) {
        const name = `new-${size}-${round + WARM_UP}`;
        const committed = await commitIntent(stage, name, 'Build checkout v1.0.0');
        const cost = (await proposed(stage, name)) - committed;
        if (round >= 0) values.push(cost);
      }
      const note = `${added} were taken in within ${seconds.toFixed(1)} s`;
      rows.push(figure(`one new intent among ${size}`, 'ms', values, note));
      const held = figure(`resident memory of the controller at ${size} intents`, 'MB', [
        await residentMb(stage),
      ]);
      memory.push({ ...held, note: 'aim at 10000: at most 250' });
    }
    const [first] = rows;
    const compared = rows.map((row) =>
      first === undefined || row === first ? row : besideFirst(row, first),
    );
    return [...compared, ...memory];
  } finally {
    await stage.strike();
  }
}

function besideFirst(row: BenchRow, first: BenchRow): BenchRow {
  return beside(row, first, `${row.note}; aim: at most 1.5 x`);
}

/** Commits intents until there are `size`, and waits until all are taken in and planned. Returns the seconds it took. */
async function addIntents(stage: Stage, from: number, size: number): Promise<number> {
  const folder = join(stage.gitops, 'intents');
  await mkdir(folder, { recursive: true });
  for (let index = from; index < size; index += 1) {
    const asks = index % ASKING === 0;
    const text = asks
      ? `Deploy the app to production, please (${index})`
      : `Deploy checkout v1.0.0 to production (${index})`;
    await writeFile(join(folder, `many-${index}.yaml`), intentFile(`many-${index}`, text, !asks));
  }
  await git(stage.gitops, 'add', '--all', '--', 'intents');
  await git(stage.gitops, ...IDENTITY, 'commit', '--quiet', '--message', `${size} intents`);
  const began = performance.now();
  await eventually(`${size} intents to be taken in`, () => allSettled(stage, size), 15 * 60_000);
  return (performance.now() - began) / 1000;
}

async function allSettled(stage: Stage, size: number): Promise<true | null> {
  const { rows } = await stage.database.query<{ settled: string }>(
    "select count(*) as settled from commander.intents where name like 'many-%' and state <> 'pending'",
  );
  return Number(rows[0]?.settled) >= size ? true : null;
}

/** VmRSS of the controller's process (proc(5)). */
async function residentMb(stage: Stage): Promise<number> {
  const status = await readFile(`/proc/${stage.controller.pid}/status`, 'utf8');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  if (kib === undefined)
    throw new Error('The memory of the controller cannot be read here: this needs /proc');
  return (Number(kib) * 1024) / 1e6;
}
