import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { programRoot } from '../../config.js';
import { CliError } from '../context.js';

/** A stand-in for GitHub in a process of its own: the same program that the tests are run against. */
export interface GitHubServer {
  readonly url: string;
  readonly webUrl: string;
  /** Arranges the world: users, repositories, Apps. */
  arrange<T>(method: string, ...values: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

export async function startGitHubServer(folder: string): Promise<GitHubServer> {
  const program = join(programRoot(), 'dist', 'test', 'github', 'stand-in', 'main.js');
  if (!existsSync(program))
    throw new CliError(
      'The demo on GitHub plays against the stand-in of the tests, which is in the source checkout only: run "npm run demo -- --forge github" there',
    );
  const child = spawn(process.execPath, [program, '--folder', folder, '--control'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url, webUrl } = await firstLine(child);
  return {
    url,
    webUrl,
    arrange: async <T>(method: string, ...values: readonly unknown[]): Promise<T> => {
      const response = await fetch(`${webUrl}/_control/${method}`, {
        method: 'POST',
        body: JSON.stringify(values),
      });
      if (!response.ok) throw new CliError(`The stand-in refused ${method}: ${await response.text()}`);
      const text = await response.text();
      return (text === '' ? null : JSON.parse(text)) as T;
    },
    close: () => ended(child),
  };
}

function firstLine(child: ChildProcess): Promise<{ readonly url: string; readonly webUrl: string }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new CliError('The stand-in for GitHub did not start')));
    if (child.stdout === null) return reject(new CliError('The stand-in for GitHub says nothing'));
    createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
}
