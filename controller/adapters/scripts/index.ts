import { join, resolve } from 'node:path';
import type { Log } from '../../ports/log.js';
import type { ProgramResult, RunProgram } from '../../ports/programs.js';
import type { ScriptRequest, ScriptResult, Scripts } from '../../ports/scripts.js';
import { allowedScripts, chooseScript } from './allow-list.js';

/** Exit code by which a script says that there was nothing to do. */
const EMPTY = 5;

export interface ScriptsOptions {
  /** SCRIPTS_DIR: the allow-list is what is in it. */
  readonly directory: string;
  readonly env: { readonly PATH: string; readonly HOME: string };
  readonly runProgram: RunProgram;
  readonly log: Log;
}

export function createScripts(options: ScriptsOptions): Scripts {
  const directory = resolve(options.directory);
  return {
    names: () => allowedScripts(directory),
    async run(request, signal) {
      const name = chooseScript(request.step.script, await allowedScripts(directory), directory);
      const result = await options.runProgram(
        {
          program: [join(directory, name), ...request.step.args],
          cwd: request.cwd,
          env: { ...request.env, PATH: options.env.PATH, HOME: options.env.HOME },
          timeoutMs: request.step.timeoutSeconds * 1000,
          secrets: [],
        },
        signal,
      );
      const scriptResult = judge(result, request);
      const { outcome, exitCode, seconds } = scriptResult;
      options.log.info({ script: name, outcome, exitCode, seconds }, 'script ended');
      return scriptResult;
    },
  };
}

function judge(result: ProgramResult, request: ScriptRequest): ScriptResult {
  const { exitCode, output, seconds } = result;
  if (result.outcome === 'timed-out') {
    const note = `Stopped: it took longer than ${request.step.timeoutSeconds} s`;
    return { outcome: 'timed-out', exitCode, output: `${output}\n${note}`.trimStart(), seconds };
  }
  const outcome = exitCode === 0 ? 'passed' : exitCode === EMPTY ? 'empty' : 'failed';
  return { outcome, exitCode, output, seconds };
}
