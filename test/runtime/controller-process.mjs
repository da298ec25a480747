// A controller in a process of its own: starts and routes one instance, says so, and waits to be killed.
const { createDockerRuntime, createProcessRuntime } = await import(
  new URL('../../dist/controller/adapters/runtime/index.js', import.meta.url)
);
const { kind, dataDir, start, port } = JSON.parse(process.argv[2]);
const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const env = { PATH: process.env.PATH, HOME: process.env.HOME ?? '/' };
const create = kind === 'docker' ? createDockerRuntime : createProcessRuntime;
const runtime = create({ dataDir, log, env, runProgram: () => Promise.reject(new Error('no builds here')) });
const instance = await runtime.start(start, new AbortController().signal);
if (port !== null) await runtime.route({ lane: start.lane, host: '127.0.0.1', port, instance, fence: 1 });
console.log(JSON.stringify(instance));
setInterval(nothing, 1_000);
