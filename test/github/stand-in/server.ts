import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { type Arrangements, arrangements } from './arrange.js';
import { createEvents } from './events.js';
import { createFaults, type Faults } from './faults.js';
import { type Api, type LoggedRequest, serveApi } from './http.js';
import { createLock } from './lock.js';
import type { Observer } from './observer.js';
import { createRateLimits } from './rate-limit.js';
import { isGitPath, serveGit } from './smart-http.js';
import { type Courier, createCourier } from './webhooks.js';
import { createWorld } from './world.js';

export interface GitHubOptions {
  /** Where the bare repositories are kept. */
  readonly folder: string;
  /** 0 or none: any free one. */
  readonly port?: number;
  readonly observer?: Observer;
  /** Answers what the REST API and git do not; true when it did. */
  readonly extra?: (github: GitHub, request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

/** A running stand-in for GitHub. */
export interface GitHub extends Arrangements {
  /** The root of the REST API. */
  readonly url: string;
  readonly webUrl: string;
  readonly faults: Faults;
  /** Every request that was answered, oldest first. */
  readonly requests: readonly LoggedRequest[];
  close(): Promise<void>;
}

/** Starts a stand-in for GitHub on 127.0.0.1. */
export async function startGitHub(options: GitHubOptions): Promise<GitHub> {
  const folder = resolve(options.folder);
  await mkdir(folder, { recursive: true });
  const world = createWorld(folder);
  const faults = createFaults();
  const courier = createCourier(world, () => faults.webhooks());
  const events = createEvents(world, courier, options.observer);
  const limits = createRateLimits();
  const requests: LoggedRequest[] = [];
  const api: Api = {
    world,
    events,
    lock: createLock(),
    faults,
    limits,
    requests,
    observer: options.observer,
  };
  const server = createServer((request, response) => {
    handle(api, () => github, options.extra, request, response).catch((error: unknown) => {
      process.stderr.write(
        `GitHub stand-in failed: ${error instanceof Error ? error.stack : String(error)}\n`,
      );
      request.socket.destroy();
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.port ?? 0, '127.0.0.1', listening);
  });
  world.address.web = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world.address.api = `${world.address.web}/api/v3`;
  const github: GitHub = {
    ...arrangements(api, courier),
    url: world.address.api,
    webUrl: world.address.web,
    faults,
    requests,
    close: () => close(server, courier),
  };
  return github;
}

async function handle(
  api: Api,
  github: () => GitHub,
  extra: GitHubOptions['extra'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // GHES has the API below /api/v3; api.github.com at the root.
  const url = new URL((request.url ?? '/').replace(/^\/api\/v3(?=\/|$)/, '') || '/', api.world.address.web);
  if (extra !== undefined && (await extra(github(), request, response))) return;
  if (isGitPath(url.pathname)) return serveGit(api, request, response, url);
  await serveApi(api, request, response, url);
}

async function close(server: ReturnType<typeof createServer>, courier: Courier): Promise<void> {
  courier.close();
  await new Promise<void>((closed) => {
    server.close(() => closed());
    // Hanging and kept-alive connections would hold it open.
    server.closeAllConnections();
  });
}
