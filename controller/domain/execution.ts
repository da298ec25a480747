/** `waiting` in line for its lane or for a time · `running` · the rest are ends. */
export type ExecutionStatus =
  | 'waiting'
  | 'running'
  | 'succeeded'
  | 'failed'
  | 'rolled_back'
  | 'aborted'
  | 'stuck';

/** `plan` runs an approved plan · `rollback` goes back from a bad release by itself · `restore` puts a current release back that is gone. */
export type ExecutionKind = 'plan' | 'rollback' | 'restore';

export type StepStatus = 'pending' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'skipped';
