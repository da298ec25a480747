import { expect } from 'vitest';
import { parse, stringify } from 'yaml';
import type { DeploymentPlan } from '../../../controller/domain/plan.js';
import { commented, done, merged, planOn, say, told } from './deeds.js';
import { type GitHubSite, type PullOf, until } from './site.js';

/** What is done again and again with plans of one site; the intent of a service is `<service>-1`. */
export interface Plans {
  /** The intent, proposed and recorded. */
  proposed(service: string, text?: string): Promise<PullOf>;
  neverRan(service: string): Promise<void>;
  /** Waits for the end of its execution, which has to be the only one. */
  ranOnce(service: string): Promise<void>;
  /** The reason stands on the merge commit and in the comment, and nothing ran. */
  refusedIn(service: string, pull: PullOf, words: string): Promise<void>;
  /** The way out of a plan that was merged and is not run: planned again, reviewed and merged, it runs. */
  runsAfterPlanningAgain(service: string, before: number): Promise<void>;
  /** The file of the service's plan on its branch, asking for another version. */
  withVersion(service: string, version: string): Promise<Record<string, string>>;
  /** Waits until the plan is another one than that of a digest, and stands on its branch. */
  replaced(service: string, digest: string): Promise<string>;
  digestOf(service: string): Promise<string>;
}

export function plansOf(at: GitHubSite): Plans {
  const neverRan: Plans['neverRan'] = async (service) =>
    expect(await at.site.executions(service)).toEqual([]);
  const ranOnce: Plans['ranOnce'] = async (service) => {
    expect(await at.site.ended(`${service}-1`)).toMatchObject({ status: 'succeeded' });
    const executions = await at.site.executions(service);
    expect(executions.filter(({ kind }) => kind === 'plan')).toHaveLength(1);
  };
  return {
    proposed: async (service, text = `Deploy ${service} v1.0.0 to staging.`) => {
      await at.ask(`${service}-1`, text);
      await at.site.proposed(`${service}-1`);
      return at.pullOf(`${service}-1`);
    },
    neverRan,
    ranOnce,
    refusedIn: async (service, pull, words) => {
      await told(at, pull.merge_commit_sha, 'commander/plan', 'failure', words);
      await commented(at, pull.number, words);
      await neverRan(service);
    },
    runsAfterPlanningAgain: async (service, before) => {
      await say(at, before, '/commander plan');
      const again = await at.pullOf(`${service}-1`);
      expect(again.number).not.toBe(before);
      await done(at.review(again.number));
      await merged(at, again.number);
      await ranOnce(service);
    },
    withVersion: async (service, version) => {
      const plan = parse(await planOn(at, `${service}-1`)) as DeploymentPlan;
      const edited = { ...plan, version: { ...plan.version, asked: version, ref: version } };
      return { [`plans/${service}-1.yaml`]: stringify(edited) };
    },
    replaced: async (service, digest) => {
      const next = await at.site.proposed(`${service}-1`, digest);
      await until(`${next.digest} to be on commander/${service}-1`, async () =>
        (await planOn(at, `${service}-1`)).includes(next.digest),
      );
      return next.digest;
    },
    digestOf: async (service) => (await at.site.proposed(`${service}-1`)).digest,
  };
}
