import { figure } from './figures.js';
import { commitIntent, eventually, mergeProposal, proposed } from './intents.js';
import type { BenchOptions, BenchRow } from './row.js';
import { type Stage, setStage } from './stage.js';

/** A build that never comes to its end: what a killed controller finds is always the same. */
const ENDLESS = '{ run: [node, -e, "setInterval(() => {}, 1000)"] }';

/** `kill -9` of the controller in a build, and its next start: from being up to going on with the execution. */
export async function benchRestart({ quick }: BenchOptions): Promise<BenchRow[]> {
  const stage = await setStage({ build: ENDLESS });
  try {
    await commitIntent(stage, 'endless', 'Deploy checkout v1.0.0 to production');
    await proposed(stage, 'endless');
    await mergeProposal(stage, 'endless');
    let attempts = 1;
    await eventually('the build', () => buildAttempts(stage, attempts));
    const starting: number[] = [];
    const goingOn: number[] = [];
    for (let round = 0; round < (quick ? 3 : 20); round += 1) {
      attempts += 1;
      const began = Date.now();
      const up = await stage.restart();
      await eventually('the build to go on', () => buildAttempts(stage, attempts));
      starting.push(up - began);
      goingOn.push(Math.max(0, Date.now() - up));
    }
    return [
      figure('kill -9 -> started again and up', 'ms', starting, 'node, migrations, repositories, API'),
      figure(
        'up -> the cut step runs again',
        'ms',
        goingOn,
        'aim: at most 2000; 0: before it said that it is up',
      ),
    ];
  } finally {
    await stage.strike();
  }
}

async function buildAttempts(stage: Stage, wanted: number): Promise<true | null> {
  const { rows } = await stage.database.query<{ attempts: number }>(
    `select attempts from commander.execution_steps where step->>'kind' = 'build' and status = 'running'`,
  );
  return (rows[0]?.attempts ?? 0) >= wanted ? true : null;
}
