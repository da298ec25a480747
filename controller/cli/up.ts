import { redact } from '../domain/redact.js';
import type { CliContext } from './context.js';

const FORCED = 130;

/** Runs the controller until SIGINT or SIGTERM; a second signal ends it at once, which is safe: everything is taken up again. */
export async function up(
  context: CliContext,
  options: { readonly repo: readonly string[]; readonly port?: string },
): Promise<number> {
  const env = {
    ...context.env,
    ...(options.repo.length === 0 ? {} : { GITOPS_REPOSITORIES: options.repo.join(',') }),
    ...(options.port === undefined ? {} : { COMMANDER_PORT: options.port }),
  };
  const [{ readConfig }, { startApp }, { createControllerLog }] = await Promise.all([
    import('../config.js'),
    import('../app.js'),
    import('../app/log.js'),
  ]);
  const config = readConfig(env, context.cwd);
  const log = createControllerLog(config, redact);
  const signalled = firstSignal(context);
  const app = await startApp(config, log, env);
  const signal = await signalled;
  log.info({ signal }, 'stopping; releases go on running');
  await app.stop();
  log.info({}, 'stopped');
  return 0;
}

function firstSignal(context: CliContext): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const handle = (signal: string) => {
      if (asked) {
        context.err('Stopped at once. What was under way is taken up again at the next start.');
        process.exit(FORCED);
      }
      asked = true;
      resolve(signal);
    };
    process.on('SIGINT', handle);
    process.on('SIGTERM', handle);
  });
}
