export { createDockerRuntime, type DockerRuntimeOptions } from './docker/runtime.js';
export { createProcessRuntime, type ProcessRuntimeOptions } from './process/runtime.js';
