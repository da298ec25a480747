import colors from 'picocolors';
import type { Check } from '../app/doctor.js';
import { type CliContext, print } from './context.js';
import { safe } from './table.js';

export async function doctor(context: CliContext): Promise<number> {
  const { diagnose } = await import('../app/doctor.js');
  const checks = await diagnose(context.config(), context.env);
  print(context, checks, (list) => list.map(line).join('\n'));
  return checks.some((check) => check.result === 'missing') ? 1 : 0;
}

const MARKS: Readonly<Record<Check['result'], string>> = {
  ok: colors.green('ok     '),
  absent: colors.yellow('absent '),
  missing: colors.red('MISSING'),
};

function line(check: Check): string {
  return `${MARKS[check.result]} ${check.name.padEnd(20)} ${safe(check.detail)}`;
}
