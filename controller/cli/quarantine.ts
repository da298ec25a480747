import { connect, person } from './client.js';
import { type CliContext, print } from './context.js';
import { safe, table } from './table.js';

interface QuarantineView {
  readonly id: number;
  readonly service: string;
  readonly version: string;
  readonly commit: string;
  readonly reason: string;
  readonly liftedBy: string | null;
}

export async function listQuarantine(context: CliContext): Promise<number> {
  const client = await connect(context);
  const list = await client.get<readonly QuarantineView[]>('/v1/quarantine?limit=200');
  print(context, list, () =>
    list.length === 0
      ? 'No version is quarantined.'
      : table(['ID', 'SERVICE', 'VERSION', 'COMMIT', 'LIFTED BY', 'WHY'], list.map(row)),
  );
  return 0;
}

function row(record: QuarantineView): readonly string[] {
  return [
    String(record.id),
    safe(record.service),
    safe(record.version),
    safe(record.commit.slice(0, 12)),
    safe(record.liftedBy ?? '-'),
    safe(record.reason),
  ];
}

export async function lift(
  context: CliContext,
  id: number,
  { reason }: { readonly reason: string },
): Promise<number> {
  const client = await connect(context);
  await client.post('/v1/quarantine/lift', { id, reason, person: await person(context) });
  print(context, { id, lifted: true }, () => `Quarantine ${id} is lifted`);
  return 0;
}
