// Takes each data directory that is named on its standard input, says how that went, and keeps what it got until it ends.
import { createInterface } from 'node:readline';
import { lockDataDir } from '../../../dist/controller/data-dir.js';

process.stdout.write('ready\n');
for await (const dataDir of createInterface({ input: process.stdin })) {
  const outcome = await lockDataDir(dataDir).then(
    () => 'won',
    (error) => `lost: ${error.message}`,
  );
  process.stdout.write(`${outcome}\n`);
}
