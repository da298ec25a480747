// Runs jobs that never end, and prints the id of each; until it is killed.
import { createQueue } from '../../../dist/controller/adapters/graphile/queue.js';
import { openDatabase } from '../../../dist/controller/adapters/postgres/database.js';

const url = process.argv[2];
const log = { debug() {}, info() {}, warn() {}, error() {}, bind: () => log };
const { openSession } = openDatabase({ url, log });
const never = (id) => {
  process.stdout.write(`${id}\n`);
  return new Promise(() => setInterval(() => undefined, 1000));
};
await createQueue({ url, concurrency: 4, log, openSession }).start({
  'plan-intent': never,
  'settle-plan': never,
  'run-execution': never,
  'write-incident': never,
});
