import { type Agent, type IncomingMessage, request } from 'node:http';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/**
 * GET without redirects and without Accept-Encoding: nothing to unpack, so no compression bomb. The signal limits the
 * whole exchange, body included. Rejects for anything but a response's head. A kept-alive connection that the
 * service closed just then is tried once more on a new one.
 */
export async function httpGet(
  agent: Agent,
  address: Address,
  path: string,
  accept: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const attempt = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, host: address.host, port: address.port, path, signal, headers: { accept } },
        resolve,
      );
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        reject(outgoing.reusedSocket && error.code === 'ECONNRESET' ? new StaleConnection() : error);
      });
      outgoing.end();
    });
  try {
    return await attempt();
  } catch (error) {
    if (error instanceof StaleConnection) return attempt();
    throw error;
  }
}

class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

/** Why there was no answer, for a person. */
export function whyNoAnswer(error: unknown, signal: AbortSignal, timeoutMs: number): string {
  // A connection that we cut ourselves ends with whatever error was next.
  if (signal.aborted) return `no whole answer within ${timeoutMs}ms`;
  if (!(error instanceof Error)) return 'no answer';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return reasons[code] ?? `no answer (${code})`;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there (connection refused)',
  ECONNRESET: 'the connection was cut off',
  ENOTFOUND: 'the host is not known',
  EHOSTUNREACH: 'the host cannot be reached',
  ERR_UNESCAPED_CHARACTERS: 'the path has characters that a URL must not have',
  HPE_HEADER_OVERFLOW: 'its headers are too large',
};
