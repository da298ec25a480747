import type { Agent, IncomingMessage } from 'node:http';
import type { ProbeResult } from '../../ports/monitor.js';
import { type Address, httpGet, whyNoAnswer } from './http-get.js';

const MOST_DRAINED_BYTES = 64 * 1024;

/** One health probe: a status from 200 to 399 is an answer of a healthy service, as for the kubelet. */
export async function probe(
  agent: Agent,
  address: Address,
  path: string,
  timeoutMs: number,
): Promise<ProbeResult> {
  const begin = performance.now();
  const result = (status: number | null, problem: string | null): ProbeResult => ({
    ok: problem === null,
    status,
    milliseconds: performance.now() - begin,
    problem,
  });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await httpGet(agent, address, path, '*/*', signal);
    drain(response);
    const status = response.statusCode ?? 0;
    const healthy = status >= 200 && status < 400;
    return result(status, healthy ? null : `${path} answers status ${status}`);
  } catch (error) {
    return result(null, `${path}: ${whyNoAnswer(error, signal, timeoutMs)}`);
  }
}

/** A short body is read so that the connection can be used again; a long one is cut off. */
function drain(response: IncomingMessage): void {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_DRAINED_BYTES) response.destroy();
  });
}
