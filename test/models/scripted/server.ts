import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { misbehave, ScriptedFault, sendJson } from './faults.js';
import { ollamaProtocol } from './ollama.js';
import { openAiProtocol } from './openai.js';
import type { ChatQuestion, Protocol, ScriptedMessage } from './protocol.js';

export { faults, ScriptedFault } from './faults.js';

/** A question as the script sees it. */
export interface ScriptedRequest {
  /** All system messages. */
  readonly system: string;
  /** The last message of the user: after a bad answer it says what was wrong. */
  readonly user: string;
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly model: string;
  readonly messages: readonly ScriptedMessage[];
  /** 1 for the first question to this server. */
  readonly number: number;
}

/** As it came over the wire. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly body: unknown;
}

export interface ScriptedModelOptions {
  readonly protocol: 'openai' | 'ollama';
  /** A value that becomes the model's JSON answer, or a fault. */
  readonly answer: (request: ScriptedRequest) => unknown | ScriptedFault | Promise<unknown | ScriptedFault>;
  readonly embed?: (texts: readonly string[]) => readonly (readonly number[])[] | ScriptedFault;
  /** Refuses everybody else, with 401. */
  readonly apiKey?: string;
  /** Knows only these, and answers 404 for others. Without: every name. */
  readonly models?: readonly string[];
  /** Answers 400 to a request for a schema, as servers do that know JSON mode only. */
  readonly refusesSchemas?: boolean;
}

export interface ScriptedModel {
  /** What is configured as OPENAI_BASE_URL or OLLAMA_URL. */
  readonly url: string;
  /** All that came, questions and others, in order. */
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
}

const PROTOCOLS: Readonly<Record<'openai' | 'ollama', Protocol>> = {
  openai: openAiProtocol,
  ollama: ollamaProtocol,
};

/** A model server on this machine that says what the test says, over one of the two protocols, with all that goes wrong. */
export async function startScriptedModel(options: ScriptedModelOptions): Promise<ScriptedModel> {
  const protocol = PROTOCOLS[options.protocol];
  const requests: RecordedRequest[] = [];
  let questions = 0;
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) =>
      response.headersSent
        ? response.destroy()
        : sendJson(response, 500, protocol.error(500, `the script failed: ${String(error)}`)),
    );
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '' } = request;
    const authorization = request.headers.authorization ?? null;
    const raw = await read(request);
    const body: unknown = raw === '' ? null : JSON.parse(raw);
    requests.push({ method, path, authorization, body });
    const fail = (status: number, message: string) =>
      sendJson(response, status, protocol.error(status, message));
    if (options.apiKey !== undefined && authorization !== `Bearer ${options.apiKey}`)
      return fail(401, 'Incorrect API key provided');
    if (method === 'POST' && path === protocol.chatPath) return chat(response, body);
    if (method === 'POST' && path === protocol.embedPath) return embed(response, body);
    const seen = method === 'GET' ? protocol.look(path, options.models ?? ['scripted']) : null;
    return seen === null ? fail(404, `${method} ${path} is not there`) : sendJson(response, 200, seen);
  }

  async function chat(response: ServerResponse, body: unknown): Promise<void> {
    const question = protocol.readChat(body);
    const fail = (status: number, message: string) =>
      sendJson(response, status, protocol.error(status, message));
    if (question.streamed) return fail(400, 'the scripted server does not stream');
    if (!knows(question.model)) return fail(404, `model '${question.model}' not found`);
    if (options.refusesSchemas === true && question.schema !== null)
      return fail(400, "'response_format.type' must be 'json_object' or 'text'");
    questions += 1;
    const number = questions;
    const said = await options.answer(asSeen(question, number));
    if (said instanceof ScriptedFault && said.of.kind !== 'text')
      return misbehave(response, said.of, protocol.error);
    const { text, finish } = wordsOf(said);
    sendJson(response, 200, protocol.chat({ model: question.model, text, finish, number }));
  }

  async function embed(response: ServerResponse, body: unknown): Promise<void> {
    const { model, texts, packed } = protocol.readEmbed(body);
    if (!knows(model)) return sendJson(response, 404, protocol.error(404, `model '${model}' not found`));
    const vectors = options.embed?.(texts) ?? texts.map(smallVector);
    if (!(vectors instanceof ScriptedFault))
      return sendJson(response, 200, protocol.embed({ model, vectors, packed }));
    if (vectors.of.kind === 'text') return void response.writeHead(200).end(vectors.of.text);
    misbehave(response, vectors.of, protocol.error);
  }

  const knows = (model: string) => options.models === undefined || options.models.includes(model);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${protocol.base}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function asSeen({ messages, schema, model }: ChatQuestion, number: number): ScriptedRequest {
  const of = (role: string) => messages.filter((message) => message.role === role);
  const system = of('system')
    .map(({ content }) => content)
    .join('\n');
  return { system, user: of('user').at(-1)?.content ?? '', schema, model, messages, number };
}

function wordsOf(said: unknown): { readonly text: string; readonly finish: 'stop' | 'length' } {
  if (!(said instanceof ScriptedFault)) return { text: JSON.stringify(said) ?? 'null', finish: 'stop' };
  const { of } = said;
  return of.kind === 'text' ? { text: of.text, finish: of.finish ?? 'stop' } : { text: '', finish: 'stop' };
}

/** Of four numbers, and not of length one: what uses it has to make it so. */
function smallVector(text: string): readonly number[] {
  const counts = [1, 0, 0, 0];
  for (const character of text) {
    const place = (character.codePointAt(0) ?? 0) % 4;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
