import { connect } from 'node:net';
import type { JsonValue } from '../../../domain/json.js';
import { type ControlRequest, LONGEST_MESSAGE, NobodyListens, parseAnswer } from './messages.js';

const ABSENT = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR', 'ECONNRESET', 'EPIPE']);

/** Asks the process behind a socket. Throws NobodyListens, ControlRefused, or a plain error when it does not answer in time. */
export function askControl(
  socketPath: string,
  request: ControlRequest,
  timeoutMs = 5_000,
): Promise<JsonValue> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    let text = '';
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const absent = (cause?: Error): NobodyListens =>
      new NobodyListens(`Nobody listens at ${socketPath}`, cause === undefined ? {} : { cause });
    const timer = setTimeout(
      () => fail(new Error(`No answer to "${request.op}" at ${socketPath} within ${timeoutMs} ms`)),
      timeoutMs,
    );
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      fail(ABSENT.has(error.code ?? '') ? absent(error) : error),
    );
    socket.on('close', () => {
      clearTimeout(timer);
      reject(absent());
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end === -1 && text.length > LONGEST_MESSAGE)
        return fail(new Error(`Too long an answer at ${socketPath}`));
      if (end === -1) return;
      try {
        resolve(parseAnswer(text.slice(0, end)));
      } catch (error) {
        reject(error);
      }
      socket.destroy();
    });
  });
}
