import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CliContext } from '../../controller/cli/context.js';
import { type EvalOptions, evalSet } from '../../controller/cli/eval.js';
import { readConfig } from '../../controller/config.js';

export const CATALOG = `apiVersion: devopscommander.io/v1alpha1
kind: Catalog
environments: [{ name: staging }, { name: production, aliases: [prod] }]
services: [{ name: checkout }, { name: search }]
`;

export interface Site {
  readonly folder: string;
  /** Writes a file below the folder: a text, or one JSON object per line. */
  write(path: string, content: string | readonly unknown[]): void;
  /** Runs `commander eval` there, in this process. */
  run(
    part: string | undefined,
    options: EvalOptions,
    env?: CliContext['env'],
    json?: boolean,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  remove(): void;
}

export function makeSite(): Site {
  const folder = mkdtempSync(join(tmpdir(), 'commander-eval-'));
  return {
    folder,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      const text =
        typeof content === 'string' ? content : content.map((each) => `${JSON.stringify(each)}\n`).join('');
      writeFileSync(join(folder, path), text);
    },
    async run(part, options, env = {}, json = false) {
      const out: string[] = [];
      const err: string[] = [];
      const context: CliContext = {
        env,
        cwd: folder,
        json,
        config: () => readConfig(env, folder),
        out: (text) => out.push(text),
        err: (text) => err.push(text),
      };
      const code = await evalSet(context, part, options);
      return { code, out: out.join('\n'), err: err.join('\n') };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
