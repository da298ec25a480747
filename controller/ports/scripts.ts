import type { ScriptStep } from '../domain/catalog.js';

export interface ScriptRequest {
  readonly step: ScriptStep;
  /** Working folder: the exported tree of the release. */
  readonly cwd: string;
  /** Added to the small fixed environment: COMMANDER_SERVICE, _ENVIRONMENT, _VERSION, _COMMIT, _URL … */
  readonly env: Readonly<Record<string, string>>;
}

export interface ScriptResult {
  /** `empty`: the script says that there was nothing to do (exit code 5), which is not success. */
  readonly outcome: 'passed' | 'failed' | 'timed-out' | 'empty';
  readonly exitCode: number | null;
  /** Tail of stdout and stderr, capped and redacted. */
  readonly output: string;
  readonly seconds: number;
}

/** Runs scripts of the allow-list only. A script that is not in it throws ScriptNotAllowed before anything is started. */
export interface Scripts {
  names(): Promise<readonly string[]>;
  run(request: ScriptRequest, signal: AbortSignal): Promise<ScriptResult>;
}

export class ScriptNotAllowed extends Error {
  override readonly name = 'ScriptNotAllowed';
}
