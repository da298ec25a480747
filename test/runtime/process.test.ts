import { describe } from 'vitest';
import { createProcessRuntime } from '../../controller/adapters/runtime/index.js';
import { runtimeContract } from './contract.js';
import { ENV, runProgram, silentLog } from './support.js';

const unsupported = process.platform === 'win32' ? 'no process groups here' : null;

describe.skipIf(unsupported !== null)(`process runtime${unsupported ? ` (${unsupported})` : ''}`, () => {
  runtimeContract({
    name: 'shop',
    base: 'none',
    create: (dataDir) =>
      createProcessRuntime({ dataDir, log: silentLog, env: ENV, runProgram, stopGraceMs: 3_000 }),
    prepare: async () => undefined,
    dispose: async () => undefined,
  });
});
