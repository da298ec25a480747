import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeploymentView } from '../../../controller/ports/forge-board.js';
import { type BoardSite, openBoard } from './board-site.js';
import { failureOf } from './site.js';

let at: BoardSite;
beforeAll(async () => {
  at = await openBoard();
});
afterAll(() => at.close());
beforeEach(() => {
  at.site.calm();
  at.written();
});

const HOSTILE = 'red \u001b[31m\u202eevil\u202c\r\n<b>@everyone</b> [x](http://y) \u0000\u2028end';

describe('deployments', () => {
  let keys = 0;
  const view = async (change: Partial<DeploymentView> = {}): Promise<DeploymentView> => {
    keys += 1;
    return {
      key: `execution-${keys}-staging`,
      lane: `${change.environment ?? 'staging'}/checkout`,
      commit: await at.head(),
      environment: 'staging',
      state: 'in_progress',
      description: 'checkout v1',
      url: null,
      ...change,
    };
  };
  type Deployment = {
    readonly id: number;
    readonly payload: { commander: string };
    readonly environment: string;
  };
  const of = async (key: string) =>
    (await at.list<Deployment>('deployments?per_page=100')).filter(
      ({ payload }) => payload.commander === key,
    );
  const states = async (key: string) => {
    const [only] = await of(key);
    const list = await at.list<{ state: string }>(`deployments/${only?.id}/statuses`);
    return list.map(({ state }) => state).reverse();
  };

  it('are one for each release, with the states that it goes through, each once', async () => {
    const one = await view();
    for (const state of ['in_progress', 'in_progress', 'success', 'success'] as const)
      await at.board.deployment({ ...one, state });
    expect(await of(one.key)).toHaveLength(1);
    expect(await states(one.key)).toEqual(['in_progress', 'success']);
    expect(at.written()).toHaveLength(3);
  });

  it('that succeed make the earlier one of the environment inactive, and it stays so', async () => {
    const first = await view({ environment: 'blue', state: 'success' });
    const elsewhere = await view({ environment: 'green', state: 'success' });
    const second = await view({ environment: 'blue' });
    for (const one of [first, elsewhere, second, { ...second, state: 'success' as const }])
      await at.board.deployment(one);
    expect(await states(first.key)).toEqual(['success', 'inactive']);
    expect(await states(second.key)).toEqual(['in_progress', 'success']);
    expect(await states(elsewhere.key)).toEqual(['success']);
    await at.board.deployment(first);
    expect(await states(first.key)).toEqual(['success', 'inactive']);
  });

  it('that fail leave the earlier one as it is', async () => {
    const first = await view({ environment: 'red', state: 'success' });
    const second = await view({ environment: 'red', state: 'failure' });
    await at.board.deployment(first);
    await at.board.deployment(second);
    expect(await states(first.key)).toEqual(['success']);
    expect(await states(second.key)).toEqual(['failure']);
  });

  it('are found again when the note was lost, and when the answer was', async () => {
    const one = await view();
    await at.board.deployment(one);
    at.notes.clear();
    await at.board.deployment({ ...one, state: 'success' });
    expect(await of(one.key)).toHaveLength(1);
    const two = await view();
    at.site.github.faults.set({
      rules: [{ match: { method: 'POST', path: '/deployments$' }, times: 1, action: 'done-then-reset' }],
    });
    await failureOf(at.board.deployment(two));
    await at.board.deployment(two);
    expect(await of(two.key)).toHaveLength(1);
  });

  it('wait for no checks and merge nothing: GitHub is told, not asked', async () => {
    const commit = await at.head();
    await at.board.status({
      commit,
      context: 'commander/red',
      state: 'failure',
      description: 'x',
      url: null,
    });
    at.written();
    await at.board.deployment(await view({ commit }));
    expect(at.written()[0]?.body).toMatchObject({ auto_merge: false, required_contexts: [], ref: commit });
  });

  it('show hostile and long texts on one line that is cut, and where it can be reached', async () => {
    const url = 'http://127.0.0.1:8080';
    await at.board.deployment(await view({ description: HOSTILE, state: 'success', url }));
    await at.board.deployment(await view({ description: 'é'.repeat(5000) }));
    for (const { body } of at.written()) {
      expect(String(body.description).length).toBeLessThanOrEqual(140);
      expect(String(body.description)).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    }
    const [last] = await at.list<{ id: number }>('deployments?environment=staging&per_page=2&page=1');
    expect(last).toBeDefined();
  });
});
