import Docker from 'dockerode';
import { RuntimeUnavailable } from '../../../ports/runtime.js';

export const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Engine API calls other than builds answer within this time, or count as failed. */
const CALL_MS = 60_000;

/** The Engine API, with a time limit on every call and its errors in our words. */
export interface Engine {
  readonly docker: Docker;
  /** Runs one call. `what` completes "Docker did not ...". */
  call<T>(what: string, work: (docker: Docker) => Promise<T>, limitMs?: number): Promise<T>;
}

export function createEngine(socketPath: string): Engine {
  // host: '' keeps docker-modem from taking DOCKER_HOST out of the environment by itself.
  const docker = new Docker({ socketPath, host: '' });
  return {
    docker,
    async call(what, work, limitMs = CALL_MS) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`Docker did not ${what} within ${limitMs / 1000} s`)),
          limitMs,
        );
      });
      try {
        return await Promise.race([work(docker), late]);
      } catch (error) {
        throw explainedBy(error, socketPath);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** HTTP status of an error that the engine answered with; null for others. */
export function statusOf(error: unknown): number | null {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : null;
  return typeof status === 'number' ? status : null;
}

/** What the engine itself says, without the frame that dockerode puts around it. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\(HTTP code \d+\) [^-]{0,60} - /, '').trim();
}

/** `value` is what a call gives when the engine does not know the thing it is about. */
export async function unlessMissing<T, U>(promise: Promise<T>, value: U): Promise<T | U> {
  try {
    return await promise;
  } catch (error) {
    if (statusOf(error) === 404) return value;
    throw error;
  }
}

function explainedBy(error: unknown, socketPath: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EACCES' || code === 'EPERM') {
    const fix =
      'Add this user to the group that owns it (usually docker), or set environments[].runtime to process';
    return new RuntimeUnavailable(`Docker's socket ${socketPath} may not be used by this user. ${fix}`, {
      cause: error,
    });
  }
  if (code !== 'ENOENT' && code !== 'ECONNREFUSED' && code !== 'ENOTSOCK') return error;
  const fix = 'Start it (for example "systemctl start docker"), or set environments[].runtime to process';
  return new RuntimeUnavailable(`Docker does not answer at ${socketPath}. ${fix}`, { cause: error });
}
