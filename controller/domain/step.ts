import type { StepRecord } from './records.js';

export function stepName({ step }: Pick<StepRecord, 'step'>): string {
  return step.kind === 'script' ? step.name : step.kind;
}

/** A notification that could not be sent is shown; it does not undo a release that is good. */
export function isNotice({ step }: Pick<StepRecord, 'step'>): boolean {
  return step.kind === 'script' && step.name === 'notify';
}

export function isBehind(step: Pick<StepRecord, 'step' | 'status'>): boolean {
  return (
    step.status === 'succeeded' || step.status === 'skipped' || (step.status === 'failed' && isNotice(step))
  );
}
