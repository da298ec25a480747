import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CommitStatus, LineReport } from '../../../controller/ports/forge-board.js';
import { type BoardSite, openBoard } from './board-site.js';
import { failureOf, REPOSITORY } from './site.js';

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

describe('the addresses that the board gives out', () => {
  it('lead to the file, the line and the pull request, whatever the path is', () => {
    const { board } = at;
    const web = `${at.site.github.webUrl}/${REPOSITORY}`;
    expect(board.pullUrl(7)).toBe(`${web}/pull/7`);
    expect(board.fileUrl('c'.repeat(40), 'intents/a.yaml', 3)).toBe(
      `${web}/blob/${'c'.repeat(40)}/intents/a.yaml#L3`,
    );
    expect(board.fileUrl('c', 'intents/a b#?%/../"<é>.yaml', null)).toBe(
      `${web}/blob/c/intents/a%20b%23%3F%25/../%22%3C%C3%A9%3E.yaml`,
    );
  });
});

describe('a status', () => {
  const status = async (change: Partial<CommitStatus> = {}): Promise<CommitStatus> => ({
    commit: await at.head(),
    context: 'commander/plan',
    state: 'success',
    description: 'merging approves it',
    url: 'http://127.0.0.1/pull/1',
    ...change,
  });
  type Shown = { readonly state: string; readonly description: string; readonly target_url: string | null };
  const shown = async (context: string) =>
    (await at.list<Shown & { context: string }>(`commits/${await at.head()}/statuses`)).filter(
      (one) => one.context === context,
    );

  it('is written once, and again only when it changes', async () => {
    const context = 'commander/once';
    for (let time = 0; time < 3; time += 1) await at.board.status(await status({ context }));
    expect(at.written()).toHaveLength(1);
    for (let time = 0; time < 3; time += 1)
      await at.board.status(await status({ context, state: 'failure' }));
    expect(at.written()).toHaveLength(1);
    expect((await shown(context)).map(({ state }) => state)).toEqual(['failure', 'success']);
  });

  it('of another context or commit is another one', async () => {
    const { head } = await at.pull();
    await at.board.status(await status({ context: 'commander/a' }));
    await at.board.status(await status({ context: 'commander/b' }));
    await at.board.status(await status({ context: 'commander/a', commit: head }));
    expect(at.written()).toHaveLength(3);
  });

  it('shows a hostile description on one line, and cuts a long one', async () => {
    await at.board.status(await status({ context: 'commander/hostile', description: HOSTILE, url: null }));
    const [first] = await shown('commander/hostile');
    expect(first?.description).toBe('red [31m evil <b>@everyone</b> [x](http://y) end');
    expect(first?.target_url ?? null).toBeNull();
    await at.board.status(await status({ context: 'commander/hostile', description: 'é'.repeat(5000) }));
    const [second] = await shown('commander/hostile');
    expect([second?.description.length, second?.description.endsWith('…')]).toEqual([140, true]);
  });

  it('that GitHub did not take is written the next time', async () => {
    const one = await status({ context: 'commander/later' });
    at.site.github.faults.set({
      rules: [{ match: { method: 'POST' }, times: 1, action: 'status', status: 502 }],
    });
    await failureOf(at.board.status(one));
    await at.board.status(one);
    expect(await shown('commander/later')).toHaveLength(1);
  });
});

describe('labels', () => {
  const names = async (number: number) =>
    (await at.list<{ name: string }>(`issues/${number}/labels`)).map(({ name }) => name).sort();

  it('become as wanted, those of other people stay, and repeating changes nothing', async () => {
    const { number } = await at.pull();
    const theirs = ['bug', 'commanderish', 'team: commander', 'Commander-like'];
    await at.site.olga(`POST /repos/${REPOSITORY}/issues/${number}/labels`, { labels: theirs });
    await at.board.labels(number, ['commander', 'commander: running']);
    expect(await names(number)).toEqual([...theirs, 'commander', 'commander: running'].sort());
    at.written();
    await at.board.labels(number, ['commander', 'commander: running']);
    expect(at.written()).toEqual([]);
    await at.board.labels(number, ['commander', 'commander: succeeded']);
    expect(await names(number)).toEqual([...theirs, 'commander', 'commander: succeeded'].sort());
    await at.board.labels(number, []);
    expect(await names(number)).toEqual([...theirs].sort());
  });

  it('that somebody took away come back, and one that went meanwhile is no error', async () => {
    const { number } = await at.pull();
    await at.board.labels(number, ['commander', 'commander: running']);
    await at.site.olga(`DELETE /repos/${REPOSITORY}/issues/${number}/labels/commander`);
    await at.board.labels(number, ['commander', 'commander: running']);
    expect(await names(number)).toEqual(['commander', 'commander: running']);
    at.site.github.faults.set({
      rules: [
        {
          match: { method: 'DELETE' },
          times: 1,
          action: 'status',
          status: 404,
          body: { message: 'Label does not exist' },
        },
      ],
    });
    await at.board.labels(number, ['commander']);
  });
});

describe('lines', () => {
  const report = async (change: Partial<LineReport> = {}): Promise<LineReport> => ({
    commit: await at.head(),
    name: 'commander/intent lines',
    conclusion: 'failure',
    commented: true,
    title: 'broken',
    summary: 'see below',
    annotations: [{ path: 'intents/a.yaml', line: 3, message: 'no such service' }],
    ...change,
  });
  type Run = { readonly conclusion: string; readonly name: string };
  const runs = async (commit: string) =>
    (
      (await at.site.olga(`GET /repos/${REPOSITORY}/commits/${commit}/check-runs`)).body as {
        check_runs: Run[];
      }
    ).check_runs;

  it('are a check run with its annotations, once, and again only when they change', async () => {
    const { head } = await at.pull();
    for (let time = 0; time < 3; time += 1) await at.board.lines(await report({ commit: head }));
    const [only, ...more] = at.written();
    expect(more).toEqual([]);
    expect(only?.body).toMatchObject({
      head_sha: head,
      status: 'completed',
      conclusion: 'failure',
      output: {
        annotations: [{ path: 'intents/a.yaml', start_line: 3, end_line: 3, message: 'no such service' }],
      },
    });
    await at.board.lines(await report({ commit: head, conclusion: 'success', annotations: [] }));
    expect((await runs(head))[0]?.conclusion).toBe('success');
  });

  it('are nothing where there is nothing to show, and nothing to take back', async () => {
    const { head } = await at.pull();
    await at.board.lines(await report({ commit: head, conclusion: 'success', annotations: [] }));
    expect(at.written()).toEqual([]);
  });

  it('are not tried where the identity is no App and a comment says it already', async () => {
    await at.boardOf(at.site.user()).lines(await report());
    expect(at.written()).toEqual([]);
  });

  it('are no more, and no longer, than GitHub takes', async () => {
    const { head } = await at.pull();
    const annotations = Array.from({ length: 200 }, (_, index) => ({
      path: 'a',
      line: index + 1,
      message: 'x',
    }));
    const long = { title: 'é'.repeat(1000), summary: 'x'.repeat(200_000), annotations };
    await at.board.lines(await report({ commit: head, ...long }));
    const output = at.written()[0]?.body.output as { title: string; summary: string; annotations: unknown[] };
    expect([output.annotations.length, output.title.length <= 255, output.summary.length <= 65_535]).toEqual([
      50,
      true,
      true,
    ]);
  });
});

describe('pull requests', () => {
  it('are shown as they are: open, merged, and which one brought a commit', async () => {
    const { number, head } = await at.pull();
    expect(await at.board.pull(number)).toMatchObject({ number, merged: false, mergeCommit: null, head });
    expect(await at.board.pullThatBrought(head)).toBeNull();
    await at.site.olga(`PUT /repos/${REPOSITORY}/pulls/${number}/merge`);
    const merged = await at.board.pull(number);
    expect(merged).toMatchObject({ merged: true, mergeCommit: await at.head() });
    expect(await at.board.pullThatBrought(merged.mergeCommit ?? '')).toBe(number);
  });
});
