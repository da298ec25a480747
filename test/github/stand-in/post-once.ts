import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/**
 * Posts a body over a connection of its own, so that a receiver that was restarted in the meantime is never met on a
 * connection that it no longer knows.
 */
export function postOnce(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return new Promise((resolve, reject) => {
    const request = send(
      url,
      { method: 'POST', agent: false, headers: { ...headers, ...length }, signal },
      (answer) => {
        answer.resume();
        answer.once('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: answer.statusMessage ?? '' }),
        );
        answer.once('error', reject);
      },
    );
    // An abort ends the request with its own error; what counts is the reason.
    request.once('error', (error) => reject(signal.aborted ? signal.reason : error));
    request.end(body);
  });
}
