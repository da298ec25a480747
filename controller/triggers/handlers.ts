import type { Log } from '../ports/log.js';
import type { JobHandlers } from '../ports/store.js';

export interface Stages {
  planIntent(id: string): Promise<void>;
  settlePlan(digest: string): Promise<void>;
  runExecution(id: string, signal: AbortSignal): Promise<void>;
  writeIncident(id: string): Promise<void>;
  report(subject: string): Promise<void>;
  lookAtRepository(id: string): Promise<void>;
  runCommand(id: string): Promise<void>;
  previewPullRequest(id: string): Promise<void>;
  learnSops(id: string, signal: AbortSignal): Promise<void>;
  summariseIncident(id: string, signal: AbortSignal): Promise<void>;
}

/** Workers of their own for each, so that long builds hold up neither a rollback nor a decision. */
export interface JobHandlersByUrgency {
  readonly rollbacks: JobHandlers;
  readonly decisions: JobHandlers;
  readonly executions: JobHandlers;
  /** Models and search engines may take their time: nothing waits for what they add. */
  readonly background: JobHandlers;
  /** What people say on a forge: it waits for no plan that is being proposed. */
  readonly calls: JobHandlers;
  /** What people see on a forge; a forge that is slow or away holds up nothing else. */
  readonly views: JobHandlers;
}

/** Queue tasks: an id in, a stage called. A throw is logged and tried again by the queue. */
export function jobHandlers(stages: Stages, log: Log): JobHandlersByUrgency {
  const told =
    (task: string, run: (id: string, signal: AbortSignal) => Promise<void>) =>
    async (id: string, signal: AbortSignal) => {
      try {
        await run(id, signal);
      } catch (error) {
        if (!signal.aborted)
          log.error(
            { task, id, error: error instanceof Error ? error.message : String(error) },
            'job failed, tried again',
          );
        throw error;
      }
    };
  return {
    rollbacks: { 'run-rollback': told('run-rollback', (id, signal) => stages.runExecution(id, signal)) },
    decisions: {
      'plan-intent': told('plan-intent', (id) => stages.planIntent(id)),
      'settle-plan': told('settle-plan', (id) => stages.settlePlan(id)),
      'write-incident': told('write-incident', (id) => stages.writeIncident(id)),
    },
    calls: {
      'look-at-repository': told('look-at-repository', (id) => stages.lookAtRepository(id)),
      'run-command': told('run-command', (id) => stages.runCommand(id)),
    },
    views: {
      report: told('report', (subject) => stages.report(subject)),
      'preview-pull-request': told('preview-pull-request', (id) => stages.previewPullRequest(id)),
    },
    background: {
      'learn-sops': told('learn-sops', (id, signal) => stages.learnSops(id, signal)),
      'summarise-incident': told('summarise-incident', (id, signal) => stages.summariseIncident(id, signal)),
    },
    executions: { 'run-execution': told('run-execution', (id, signal) => stages.runExecution(id, signal)) },
  };
}
