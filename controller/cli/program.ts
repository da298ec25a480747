import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { ConfigError, programRoot, readConfig } from '../config.js';
import { type CliContext, CliError } from './context.js';
import { safeLines } from './table.js';

type Action<Args extends readonly unknown[]> = (
  context: CliContext,
  ...args: Args
) => Promise<number | undefined>;

/** Runs one command line; returns the exit code. Commands are loaded when they are called, so that --help is quick. */
export async function run(argv: readonly string[], env: CliContext['env'], cwd: string): Promise<number> {
  let exitCode = 0;
  const program = new Command('commander')
    .description(
      'A GitOps controller driven by intents in plain words: plan, approve by merge, execute, watch, roll back.',
    )
    .version(version())
    .option('--json', 'print JSON')
    .option('--data-dir <folder>', 'data directory of the controller (COMMANDER_DATA_DIR)')
    .showHelpAfterError()
    .exitOverride();
  const act =
    <Args extends readonly unknown[]>(load: () => Promise<Action<Args>>) =>
    async (...args: unknown[]) => {
      const command = args.at(-1) as Command;
      const options = command.optsWithGlobals<{ json?: boolean; dataDir?: string }>();
      const action = await load();
      exitCode =
        (await action(createContext(env, cwd, options), ...(args.slice(0, -1) as unknown as Args))) ?? 0;
    };
  addCommands(program, act);
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    return explain(error);
  }
}

type Act = <Args extends readonly unknown[]>(
  load: () => Promise<Action<Args>>,
) => (...args: unknown[]) => Promise<void>;

function addCommands(program: Command, act: Act): void {
  program
    .command('init')
    .argument('[folder]', 'where to make it', '.')
    .option('--sample', 'also make a sample service beside it, with good and bad versions')
    .description('make a GitOps repository: catalog, SOP, intents')
    .action(act(async () => (await import('./init.js')).init));
  program
    .command('up')
    .description('run the controller')
    .option('--repo <location>', 'GitOps repository to follow, path or URL; repeatable', collect, [])
    .option('--port <port>', 'port of the API (COMMANDER_PORT)')
    .action(act(async () => (await import('./up.js')).up));
  program
    .command('down')
    .description('stop the controller and every release that it started on this machine')
    .action(act(async () => (await import('./down.js')).down));
  program
    .command('demo')
    .description('the whole story on this machine: plan, approve, release, watch, roll back, audit')
    .option('--runtime <runtime>', 'process or docker', 'process')
    .option('--forge <forge>', 'local, or github: against the stand-in for GitHub of the tests', 'local')
    .option('--keep', 'leave everything running at the end')
    .action(act(async () => (await import('./demo.js')).demo));
  program
    .command('doctor')
    .description('what is there, what is missing, what to do')
    .action(act(async () => (await import('./doctor.js')).doctor));
  program
    .command('interpret')
    .argument('[text]', 'the text; - reads standard input')
    .description('read a text against a catalog, and print what it asks for')
    .option('--catalog <file>', 'catalog to read it against', 'commander.yaml')
    .option('--jsonl', 'one {"id","text"} per line on standard input, one result per line')
    .action(act(async () => (await import('./interpret.js')).interpret));
  program
    .command('eval')
    .argument('[part]', 'intents, sops or all', 'all')
    .option(
      '--set <path>',
      'a labelled set: a folder or a file. Default: the one that comes with the program',
    )
    .option('--interpreter <which>', 'grammar or model. Default: both, where a model is configured')
    .option('--runs <n>', 'how often a model reads each text, for pass^n', number)
    .option('--limit <n>', 'at most so many of each kind, evenly over the set', number)
    .option('--failures', 'print what was not read as labelled')
    .description('measure the interpreters and the SOP search against a labelled set')
    .action(act(async () => (await import('./eval.js')).evalSet));
  program
    .command('plan')
    .argument('<file-or-text>', 'an intent file, or a text')
    .description('the whole plan as it would be proposed now; nothing is written')
    .action(act(async () => (await import('./plan.js')).plan));
  program
    .command('status')
    .argument('[intent]', 'only this one, in full')
    .description('what runs where, and where each intent stands')
    .action(act(async () => (await import('./status.js')).status));
  program
    .command('approve')
    .argument('<intent>')
    .description("merge an intent's proposal in your name")
    .action(act(async () => (await import('./commands.js')).approve));
  program
    .command('reject')
    .argument('<intent>')
    .description('say no to a proposal')
    .option('--reason <text>', 'why', 'no reason given')
    .action(act(async () => (await import('./commands.js')).reject));
  program
    .command('hold')
    .argument('<intent>')
    .description('hold a plan up: it neither starts nor goes on to the next environment')
    .option('--reason <text>', 'why', 'no reason given')
    .action(act(async () => (await import('./commands.js')).hold));
  program
    .command('resume')
    .argument('<intent>')
    .description('let a plan go on that was held')
    .action(act(async () => (await import('./commands.js')).resume));
  program
    .command('waive')
    .argument('<intent>')
    .argument('<sop>', 'its id, as the finding names it')
    .requiredOption('--reason <text>', 'why, in 10 to 500 characters: those who approve read it')
    .description('let pass what an SOP blocks, for the intent as it is; it is no approval')
    .action(act(async () => (await import('./commands.js')).waive));
  program
    .command('history')
    .argument('[service]')
    .description('what was executed, newest first')
    .option('--limit <n>', 'how many', number, 20)
    .option('--output', 'with what the programs printed')
    .action(act(async () => (await import('./history.js')).history));
  program
    .command('rollback')
    .argument('<service>')
    .argument('<environment>')
    .description('go back to the last-known-good now; the version that serves is quarantined')
    .option('--reason <text>', 'why', 'no reason given')
    .action(act(async () => (await import('./commands.js')).rollback));
  program
    .command('abort')
    .argument('<execution>', 'its number', number)
    .description('stop an execution')
    .option('--reason <text>', 'why', 'no reason given')
    .action(act(async () => (await import('./commands.js')).abort));
  program
    .command('retry')
    .argument('<intent-or-execution>')
    .description('try a failed intent, or a stuck rollback, again')
    .action(act(async () => (await import('./commands.js')).retry));
  program
    .command('unlock')
    .argument('<service>')
    .argument('<environment>')
    .description('take a service in an environment away from the execution that holds it')
    .option('--reason <text>', 'why', 'no reason given')
    .action(act(async () => (await import('./commands.js')).unlock));
  program
    .command('incidents')
    .description('rollbacks: what was seen, what was done')
    .option('--limit <n>', 'how many', number, 20)
    .action(act(async () => (await import('./incidents.js')).incidents));
  const quarantine = program.command('quarantine').description('versions that were rolled back');
  quarantine
    .command('list', { isDefault: true })
    .description('list them')
    .action(act(async () => (await import('./quarantine.js')).listQuarantine));
  quarantine
    .command('lift')
    .argument('<id>', 'its number', number)
    .description('allow a version again')
    .option('--reason <text>', 'why', 'no reason given')
    .action(act(async () => (await import('./quarantine.js')).lift));
  const sop = program.command('sop').description('operating procedures: search, list, check');
  sop
    .command('search')
    .argument('<question>', 'in words')
    .option('--limit <n>', 'how many passages', number, 5)
    .option('--repo <folder>', 'folder of the GitOps repository; default: the working folder')
    .description('the passages that answer a question, best first')
    .action(act(async () => (await import('./sop.js')).searchSop));
  sop
    .command('list', { isDefault: true })
    .option('--repo <folder>', 'folder of the GitOps repository; default: the working folder')
    .description('list them')
    .action(act(async () => (await import('./sop.js')).listSops));
  sop
    .command('check')
    .argument('[folder]', 'folder of the GitOps repository', '.')
    .description('what each sentence is checked as, what is advice only, and what is wrong')
    .action(act(async () => (await import('./sop.js')).checkSops));
  const audit = program.command('audit').description('the append-only record of every decision');
  audit
    .command('verify')
    .description('check the whole chain; names the first bad entry')
    .action(act(async () => (await import('./audit.js')).verify));
  audit
    .command('export')
    .description('print every entry, one JSON object per line')
    .action(act(async () => (await import('./audit.js')).exportAll));
}

function createContext(
  env: CliContext['env'],
  cwd: string,
  options: { json?: boolean; dataDir?: string },
): CliContext {
  const effective = options.dataDir === undefined ? env : { ...env, COMMANDER_DATA_DIR: options.dataDir };
  return {
    env: effective,
    cwd,
    json: options.json === true,
    config: () => readConfig(effective, cwd),
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  };
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`commander: ${safeLines(message)}\n`);
  if (error instanceof CliError) return error.exitCode;
  return error instanceof ConfigError ? 2 : 1;
}

function version(): string {
  const file = join(programRoot(), 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function number(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It has to be a number.');
  return Number(value);
}
