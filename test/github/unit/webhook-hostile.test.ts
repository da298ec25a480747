import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING, openWebhookSite, PUSH, SECRET, sign, TOKEN, type WebhookSite } from './webhook-site.js';

let site: WebhookSite;
beforeAll(async () => {
  site = await openWebhookSite();
});
afterAll(() => site.close());
beforeEach(() => site.empty());

describe('a delivery that is not from GitHub', () => {
  const REFUSED = { error: 'The signature is missing or wrong: check GITHUB_WEBHOOK_SECRET' };
  const right = sign(PUSH);
  it.each<[string, string | null]>([
    ['no signature', null],
    ['an empty signature', ''],
    ['a signature with another secret', sign(PUSH, 'another')],
    ['a signature of another body', sign(`${PUSH} `)],
    ['SHA-1', sign(PUSH, SECRET, 'sha1')],
    ['SHA-1 that calls itself SHA-256', sign(PUSH, SECRET, 'sha1').replace('sha1', 'sha256')],
    ['SHA-512', sign(PUSH, SECRET, 'sha512')],
    ['half a signature', right.slice(0, 40)],
    ['all but the last digit', right.slice(0, -1)],
    ['one digit more', `${right}0`],
    ['the digits without their name', right.slice('sha256='.length)],
    ['only the name', 'sha256='],
    ['zeros', `sha256=${'0'.repeat(64)}`],
    ['letters that are no digits', `sha256=${'z'.repeat(64)}`],
    ['two signatures', `${right}, ${right}`],
    ['10,000 characters', `sha256=${'a'.repeat(10_000)}`],
  ])('%s is 401, and nothing is looked at', async (_title, signature) => {
    expect(await site.deliver(PUSH, { 'x-hub-signature-256': signature })).toEqual({
      status: 401,
      answer: REFUSED,
    });
    expect([await site.left(), site.asked()]).toEqual([NOTHING, 0]);
  });

  it('the older header with SHA-1 does not count', async () => {
    const sha1 = { 'x-hub-signature': sign(PUSH, SECRET, 'sha1'), 'x-hub-signature-256': null };
    expect((await site.deliver(PUSH, sha1)).status).toBe(401);
  });

  it.each([
    ['{"repository":', {}],
    ['', {}],
    [PUSH, { 'x-github-event': 'ping' }],
    [PUSH, { 'x-github-event': 'star' }],
    [PUSH, { 'x-github-delivery': null }],
    ['[]', {}],
  ] as const)(
    'what else is wrong is not told to somebody without the secret: %s %j',
    async (body, change) => {
      const wrong = { ...change, 'x-hub-signature-256': sign(body, 'another') };
      expect((await site.deliver(body, wrong)).status).toBe(401);
    },
  );

  it('the secret and the right signature are in no answer and no line of the log', async () => {
    const { answer } = await site.deliver(PUSH, { 'x-hub-signature-256': sign(PUSH, 'another') });
    const shown = `${JSON.stringify(answer)}${site.log.lines.join()}`;
    for (const hidden of [SECRET, right, right.slice(7)]) expect(shown).not.toContain(hidden);
  });

  it('the token of the API is not a signature', async () => {
    const authorization = `Bearer ${TOKEN}`;
    expect((await site.deliver(PUSH, { authorization, 'x-hub-signature-256': null })).status).toBe(401);
  });
});

describe('a body that cannot be read, with a right signature', () => {
  it.each<[string, string]>([
    ['no JSON', 'hello'],
    ['half a JSON', PUSH.slice(0, -5)],
    ['a list', '[]'],
    ['a text', '"x"'],
    ['a number', '7'],
    ['null', 'null'],
    ['NUL at its end', `${PUSH}\u0000`],
    ['a form', `payload=${encodeURIComponent(PUSH)}`],
    ['a million brackets', '['.repeat(1_000_000)],
  ])('%s is 400, and nothing happens', async (_title, body) => {
    const { status, answer } = await site.deliver(body);
    expect([status, answer.error]).toEqual([400, 'The body is not a JSON object']);
    expect(await site.left()).toEqual(NOTHING);
  });

  it('that is not UTF-8 is refused, and nothing happens', async () => {
    const bytes = Buffer.from(PUSH.replace('main', 'm\u00e4in'), 'latin1');
    expect([400, 401]).toContain((await site.deliver(bytes)).status);
    expect(await site.left()).toEqual(NOTHING);
  });

  it('that is empty is 401', async () => {
    expect((await site.deliver('')).status).toBe(401);
  });

  it.each([null, '', 'a b', '../x', 'ä'.repeat(3), 'x'.repeat(101)])(
    'with the delivery id %j is 400',
    async (id) => {
      const header = id === null ? null : Buffer.from(id).toString('latin1');
      const { status, answer } = await site.deliver(PUSH, { 'x-github-delivery': header });
      expect([status, answer.error]).toEqual([400, 'X-GitHub-Delivery is missing']);
      expect(await site.left()).toEqual(NOTHING);
    },
  );
});

describe('a body of 100 MB', () => {
  const SIZE = 100 * 1024 * 1024;
  const PART = Buffer.alloc(64 * 1024, ' ');

  /** Sends until it is cut off; tells the status (0: the connection was broken) and how much went out. */
  function flood(length: boolean): Promise<{ status: number; sent: number }> {
    return new Promise((resolve) => {
      let sent = 0;
      const headers = {
        'content-type': 'application/json',
        'x-hub-signature-256': sign(PUSH),
        ...(length ? { 'content-length': String(SIZE) } : {}),
      };
      const outgoing = httpRequest(site.url, { method: 'POST', headers }, (response) => {
        resolve({ status: response.statusCode ?? 0, sent });
        response.destroy();
        outgoing.destroy();
      });
      outgoing.on('error', () => resolve({ status: 0, sent }));
      const more = () => {
        while (!outgoing.destroyed && sent < SIZE) {
          sent += PART.length;
          if (!outgoing.write(PART)) return void outgoing.once('drain', more);
        }
        if (!outgoing.destroyed) outgoing.end();
      };
      more();
    });
  }

  it.each([
    ['with its length told', true],
    ['of unknown length', false],
  ])('%s is cut off early, and memory stays low', async (_title, length) => {
    const before = process.memoryUsage();
    const { status, sent } = await flood(length);
    const after = process.memoryUsage();
    expect([0, 413]).toContain(status);
    expect(sent).toBeLessThan(32 * 1024 * 1024);
    const grown = after.external + after.heapUsed - before.external - before.heapUsed;
    expect(grown).toBeLessThan(48 * 1024 * 1024);
    expect((await site.deliver(PUSH)).answer.result).toBe('taken');
  });

  it('one just above the limit is 413, one just below it is read', async () => {
    const limit = 5 * 1024 * 1024;
    const padded = (size: number) => PUSH + ' '.repeat(size - PUSH.length);
    expect((await site.deliver(padded(limit))).status).toBe(202);
    expect((await site.deliver(padded(limit + 1))).status).toBe(413);
  });
});
