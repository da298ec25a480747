import type { ExecutionView, PlanView } from '../triggers/api/views.js';
import { connect, person } from './client.js';
import { type CliContext, print } from './context.js';
import { safe } from './table.js';

type Reason = { readonly reason: string };

export async function approve(context: CliContext, intent: string): Promise<number> {
  const client = await connect(context);
  const plan = await client.post<PlanView>('/v1/approve', { intent, person: await person(context) });
  print(context, plan, () =>
    safe(`${intent} is ${plan.status}${plan.reason === '' ? '' : `: ${plan.reason}`} (${plan.digest})`),
  );
  return ['approved', 'running', 'succeeded'].includes(plan.status) ? 0 : 1;
}

export async function reject(context: CliContext, intent: string, { reason }: Reason): Promise<number> {
  const client = await connect(context);
  const plan = await client.post<PlanView>('/v1/reject', { intent, reason, person: await person(context) });
  print(context, plan, () => safe(`${intent} is ${plan.status}: ${plan.reason}`));
  return 0;
}

export async function rollback(
  context: CliContext,
  service: string,
  environment: string,
  { reason }: Reason,
): Promise<number> {
  const client = await connect(context);
  const execution = await client.post<number>('/v1/rollback', {
    service,
    environment,
    reason,
    person: await person(context),
  });
  print(context, { execution }, () =>
    safe(
      `${environment}/${service} goes back to its last-known-good: execution ${execution} (commander history ${service})`,
    ),
  );
  return 0;
}

export async function abort(context: CliContext, execution: number, { reason }: Reason): Promise<number> {
  const client = await connect(context);
  const record = await client.post<ExecutionView>('/v1/abort', {
    execution,
    reason,
    person: await person(context),
  });
  print(context, record, () => safe(`Execution ${record.id} of ${record.service} is asked to stop`));
  return 0;
}

export async function retry(context: CliContext, target: string): Promise<number> {
  const client = await connect(context);
  const answer = await client.post<string>('/v1/retry', { target, person: await person(context) });
  print(context, { target, answer }, () => safe(`${target}: ${answer}`));
  return 0;
}

export async function hold(context: CliContext, intent: string, { reason }: Reason): Promise<number> {
  return told(context, '/v1/hold', intent, { intent, reason });
}

export async function waive(
  context: CliContext,
  intent: string,
  sop: string,
  { reason }: Reason,
): Promise<number> {
  return told(context, '/v1/waive', intent, { intent, sop, reason });
}

export async function resume(context: CliContext, intent: string): Promise<number> {
  return told(context, '/v1/resume', intent, { intent });
}

async function told(context: CliContext, path: string, intent: string, body: object): Promise<number> {
  const client = await connect(context);
  const answer = await client.post<string>(path, { ...body, person: await person(context) });
  print(context, { intent, answer }, () => safe(answer));
  return 0;
}

export async function unlock(
  context: CliContext,
  service: string,
  environment: string,
  { reason }: Reason,
): Promise<number> {
  const client = await connect(context);
  const answer = await client.post<string>('/v1/unlock', {
    service,
    environment,
    reason,
    person: await person(context),
  });
  print(context, { answer }, () => safe(answer));
  return 0;
}
