import { createHmac, randomUUID } from 'node:crypto';
import { postOnce } from './post-once.js';
import type { Delivery, Hook, Repository } from './state.js';
import { now, type World } from './world.js';

export type WebhookMode = 'deliver' | 'drop' | 'thrice' | 'reorder';

/** Sends webhooks in the background, those of one hook in their order. */
export interface Courier {
  send(repository: Repository, hook: Hook, event: string, body: string): void;
  redeliver(repository: Repository, id: number): void;
  /** Resolves when nothing is on its way any more. */
  settled(): Promise<void>;
  close(): void;
}

const limit = 10_000;
/** One that does not answer does not hold up the next one for longer than this. */
const patience = 1_000;

interface Line {
  last: Promise<void>;
  held: (() => void)[];
}

export function createCourier(world: World, mode: () => WebhookMode): Courier {
  const lines = new Map<number, Line>();
  const onTheWay = new Set<Promise<void>>();
  const closing = new AbortController();

  const record = (
    repository: Repository,
    hook: Hook,
    event: string,
    body: string,
    guid: string,
    again: boolean,
  ) => {
    const delivery: Delivery = {
      id: world.nextId(),
      guid,
      hook,
      event,
      action: actionOf(body),
      body,
      redelivery: again,
      deliveredAt: now(),
      statusCode: 0,
      status: 'pending',
    };
    repository.deliveries.push(delivery);
    return delivery;
  };

  const lineOf = (hook: Hook): Line => {
    const line = lines.get(hook.id) ?? { last: Promise.resolve(), held: [] };
    lines.set(hook.id, line);
    return line;
  };

  const enqueue = (delivery: Delivery) => {
    const line = lineOf(delivery.hook);
    let sent: Promise<void> = Promise.resolve();
    const started = line.last.then(() => {
      sent = post(world, delivery, closing.signal);
      return Promise.race([sent, pause(patience)]);
    });
    line.last = started;
    const whole = started.then(() => sent);
    onTheWay.add(whole);
    whole.finally(() => onTheWay.delete(whole));
  };

  const release = (hook: Hook) => {
    const line = lineOf(hook);
    for (const send of line.held.splice(0)) send();
  };

  /** Held back until the next one of the hook has gone first, or for a moment when there is none. */
  const hold = (delivery: Delivery) => {
    const line = lineOf(delivery.hook);
    if (line.held.length > 0) {
      enqueue(delivery);
      release(delivery.hook);
      return;
    }
    line.held.push(() => enqueue(delivery));
    const released = pause(200).then(() => release(delivery.hook));
    onTheWay.add(released);
    released.finally(() => onTheWay.delete(released));
  };

  return {
    send(repository, hook, event, body) {
      const delivery = record(repository, hook, event, body, randomUUID(), false);
      const how = mode();
      if (how === 'drop') delivery.status = 'dropped';
      else if (how === 'reorder') hold(delivery);
      else for (let times = how === 'thrice' ? 3 : 1; times > 0; times -= 1) enqueue(delivery);
    },
    redeliver(repository, id) {
      const first = repository.deliveries.find((delivery) => delivery.id === id);
      if (first === undefined) throw new Error(`There is no delivery ${id}: see deliveries(repository).`);
      enqueue(record(repository, first.hook, first.event, first.body, first.guid, true));
    },
    async settled() {
      while (onTheWay.size > 0) await Promise.allSettled([...onTheWay]);
    },
    close: () => closing.abort(),
  };
}

async function post(world: World, delivery: Delivery, closing: AbortSignal): Promise<void> {
  const { hook, body } = delivery;
  delivery.deliveredAt = now();
  const signal = AbortSignal.any([AbortSignal.timeout(limit), closing]);
  try {
    const answer = await postOnce(hook.url, headersOf(world, delivery), body, signal);
    delivery.statusCode = answer.status;
    delivery.status = answer.text;
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    delivery.status = timedOut ? 'timed out' : 'failed to connect to host';
  }
}

function headersOf(world: World, delivery: Delivery): Record<string, string> {
  const { hook, body, guid, event } = delivery;
  return {
    accept: '*/*',
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/760256b',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(hook.id),
    'x-github-hook-installation-target-type': hook.appId === undefined ? 'repository' : 'integration',
    'x-github-enterprise-host': new URL(world.address.web).host,
    ...(hook.secret === '' ? {} : { 'x-hub-signature-256': `sha256=${sign(hook.secret, body)}` }),
  };
}

function sign(secret: string, body: string): string {
  return createHmac('sha256', secret).update(body).digest('hex');
}

function actionOf(body: string): string | null {
  const { action } = JSON.parse(body) as { action?: unknown };
  return typeof action === 'string' ? action : null;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}
