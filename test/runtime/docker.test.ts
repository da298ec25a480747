import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { createDockerRuntime } from '../../controller/adapters/runtime/index.js';
import { runtimeContract } from './contract.js';
import { buildNodeImage, dockerMissing, removeImages } from './docker-support.js';
import { ENV, silentLog } from './support.js';

const missing = await dockerMissing();
const unique = randomBytes(4).toString('hex');
const base = `commander-test/node:${unique}`;
const name = `shop-${unique}`;

describe.skipIf(missing !== null)(`docker runtime${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  runtimeContract({
    name,
    base,
    create: (dataDir) => createDockerRuntime({ dataDir, log: silentLog, env: ENV, stopGraceMs: 3_000 }),
    prepare: () => buildNodeImage(base),
    dispose: () => removeImages(`commander/${name}:v1-0123456`, base),
  });
});
