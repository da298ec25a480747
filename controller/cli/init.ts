import { dirname, join, relative, resolve } from 'node:path';
import { type CliContext, print } from './context.js';
import { SAMPLE_VERSIONS, scaffoldGitOps, scaffoldService } from './scaffold.js';

export async function init(
  context: CliContext,
  folder: string,
  options: { readonly sample?: boolean },
): Promise<number> {
  const target = resolve(context.cwd, folder);
  await scaffoldGitOps(target);
  const service = join(dirname(target), 'checkout');
  if (options.sample === true) await scaffoldService(service, SAMPLE_VERSIONS);
  print(context, { folder: target, service: options.sample === true ? service : null }, () =>
    nextSteps(context, target, options.sample === true ? service : null),
  );
  return 0;
}

function nextSteps(context: CliContext, target: string, service: string | null): string {
  const here = relative(context.cwd, target) || '.';
  const about =
    service === null
      ? '  edit commander.yaml: your services, your environments, where they live'
      : `  the sample service is in ${relative(context.cwd, service)}: v1.0.0 and v1.1.0 work, v1.2.0 fails a fifth of its requests`;
  return [
    `A GitOps repository is in ${target}. Next:`,
    '',
    about,
    `  cd ${here} && commander up`,
    '',
    'and in a second terminal, in the same folder:',
    '',
    '  cat > intents/checkout-1-0-0.yaml <<END',
    '  apiVersion: devopscommander.io/v1alpha1',
    '  kind: Intent',
    '  metadata: { name: checkout-1-0-0 }',
    '  spec:',
    '    text: Deploy checkout v1.0.0 to staging and run the smoke tests.',
    '  END',
    '  git add intents && git commit -m "Release checkout 1.0.0"',
    '  commander status checkout-1-0-0         # the plan; it is also the branch commander/checkout-1-0-0',
    '  git merge commander/checkout-1-0-0      # merging is the approval',
    '  commander status',
  ].join('\n');
}
