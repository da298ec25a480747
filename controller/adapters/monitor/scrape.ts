import type { Agent, IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import type { MetricsSpec } from '../../domain/catalog.js';
import type { Sampled } from '../../ports/monitor.js';
import { type ErrorLabels, type ExpositionReader, readExposition } from './exposition.js';
import { type Address, httpGet, whyNoAnswer } from './http-get.js';

const ACCEPT = 'text/plain;version=0.0.4, application/openmetrics-text;version=1.0.0;q=0.9';

export interface ScrapeLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** One scrape of a service's own metrics endpoint. What a service does wrong is an answer, not an exception. */
export async function scrape(
  agent: Agent,
  address: Address,
  metrics: MetricsSpec,
  errorLabels: ErrorLabels,
  limits: ScrapeLimits,
): Promise<Sampled> {
  const signal = AbortSignal.timeout(limits.timeoutMs);
  const problem = (what: string): Sampled => ({
    ok: false,
    problem: `the metrics endpoint ${metrics.path}: ${what}`,
  });
  try {
    const response = await httpGet(agent, address, metrics.path, ACCEPT, signal);
    const refusal = whyNotMetrics(response);
    if (refusal !== null) {
      response.destroy();
      return problem(refusal);
    }
    const at = Date.now();
    const reader = readExposition(metrics, errorLabels);
    const failure = await readBody(response, reader, limits.maxBytes);
    const sampled: Sampled = failure === null ? reader.end(at) : { ok: false, problem: failure };
    return sampled.ok ? sampled : problem(sampled.problem);
  } catch (error) {
    return problem(whyNoAnswer(error, signal, limits.timeoutMs));
  }
}

function whyNotMetrics(response: IncomingMessage): string | null {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400) return `redirects (status ${status}); redirects are not followed`;
  if (status !== 200) return `answers status ${status}`;
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return 'answers compressed, without having been asked to';
  if (/\bhtml\b/i.test(response.headers['content-type'] ?? '')) return 'answers HTML, not metrics';
  return null;
}

/** Reads at most `maxBytes`; a problem stops it and cuts the connection. */
async function readBody(
  response: IncomingMessage,
  reader: ExpositionReader,
  maxBytes: number,
): Promise<string | null> {
  const decoder = new StringDecoder('utf8');
  let bytes = 0;
  // Leaving the loop early destroys the response, and with it the connection.
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const start = bytes === 0 ? chunk.subarray(0, 256).toString('latin1').trimStart() : '';
    if (start.startsWith('<')) return 'answers HTML, not metrics';
    bytes += chunk.length;
    if (bytes > maxBytes) return `answers more than ${maxBytes} bytes`;
    const problem = reader.push(decoder.write(chunk));
    if (problem !== null) return problem;
  }
  return reader.push(decoder.end());
}
