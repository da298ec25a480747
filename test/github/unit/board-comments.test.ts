import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { COMMENT_MARKER } from '../../../controller/adapters/github/board-comments.js';
import { type BoardSite, type Comment, openBoard } from './board-site.js';
import { BOT, failureOf, REPOSITORY } from './site.js';

let at: BoardSite;
beforeAll(async () => {
  at = await openBoard();
});
afterAll(() => at.close());
beforeEach(() => {
  at.site.calm();
  at.written();
});

const comments = (number: number) => at.list<Comment>(`issues/${number}/comments?per_page=100`);
const ours = async (number: number) => (await comments(number)).filter(({ user }) => user.login === BOT);
const comment = (number: number, body: string) =>
  at.site.olga(`POST /repos/${REPOSITORY}/issues/${number}/comments`, { body });

describe('the comment', () => {
  it('is one, edited in place, and written only when it changes', async () => {
    const { number } = await at.pull();
    await at.board.comment(number, 'one');
    for (const text of ['two', 'two', 'two']) await at.board.comment(number, text);
    expect(at.written().map(({ method }) => method)).toEqual(['POST', 'PATCH']);
    expect((await comments(number)).map(({ body }) => body)).toEqual([`${COMMENT_MARKER}\ntwo`]);
  });

  it('is found again when the note was lost', async () => {
    const { number } = await at.pull();
    await at.board.comment(number, 'one');
    at.notes.clear();
    await at.board.comment(number, 'two');
    expect((await ours(number)).map(({ body }) => body)).toEqual([`${COMMENT_MARKER}\ntwo`]);
  });

  it('is found again behind a hundred others', async () => {
    const { number } = await at.pull();
    for (let one = 0; one < 105; one += 1) await comment(number, `comment ${one}`);
    await at.board.comment(number, 'one');
    at.notes.clear();
    await at.board.comment(number, 'two');
    const second = await at.list<Comment>(`issues/${number}/comments?per_page=100&page=2`);
    expect(second.filter(({ user }) => user.login === BOT)).toHaveLength(1);
  });

  it('is found again when the answer to making it was lost', async () => {
    const { number } = await at.pull();
    at.site.github.faults.set({
      rules: [{ match: { method: 'POST' }, times: 1, action: 'done-then-reset' }],
    });
    await failureOf(at.board.comment(number, 'one'));
    await at.board.comment(number, 'one');
    expect(await ours(number)).toHaveLength(1);
  });

  it('that somebody deleted is made again with the next thing to say', async () => {
    const { number } = await at.pull();
    await at.board.comment(number, 'one');
    const [first] = await ours(number);
    await at.site.olga(`DELETE /repos/${REPOSITORY}/issues/comments/${first?.id}`);
    await at.board.comment(number, 'two');
    await at.board.comment(number, 'three');
    expect((await ours(number)).map(({ body }) => body)).toEqual([`${COMMENT_MARKER}\nthree`]);
  });

  it('of somebody else is never taken for ours, whatever stands in it', async () => {
    const { number } = await at.pull();
    await comment(number, `${COMMENT_MARKER}\nforged`);
    await at.board.comment(number, 'one');
    const bodies = (await comments(number)).map(({ body, user }) => [user.login, body]);
    expect(bodies).toEqual([
      ['olga', `${COMMENT_MARKER}\nforged`],
      [BOT, `${COMMENT_MARKER}\none`],
    ]);
  });

  it('is not one that only quotes ours', async () => {
    const { number } = await at.pull();
    const other = await at.site.app().rest();
    const body = `> ${COMMENT_MARKER}\n> quoted`;
    await other.issues.createComment({ owner: 'acme', repo: 'gitops', issue_number: number, body });
    await at.board.comment(number, 'one');
    expect((await ours(number)).map((one) => one.body)).toEqual([body, `${COMMENT_MARKER}\none`]);
  });

  it('is cut to what GitHub takes', async () => {
    const { number } = await at.pull();
    await at.board.comment(number, 'x'.repeat(1_000_000));
    const [only] = await ours(number);
    expect(only?.body.length).toBeLessThanOrEqual(65_536);
    expect(only?.body.startsWith(`${COMMENT_MARKER}\nxxx`)).toBe(true);
  });

  it('is one, also when two say it at once through one board', async () => {
    const { number } = await at.pull();
    await at.board.comment(number, 'one');
    await Promise.all(['two', 'three'].map((text) => at.board.comment(number, text)));
    expect(await ours(number)).toHaveLength(1);
  });
});

describe('an issue', () => {
  const issues = async (label: string) =>
    at.list<{ number: number; title: string }>(`issues?labels=${label}&state=all&per_page=100`);

  it('is made once for each key, with the label', async () => {
    const number = await at.board.issue('incident-1', 'Incident 1', 'why', 'incident');
    expect(await at.board.issue('incident-1', 'Incident 1', 'other words', 'incident')).toBe(number);
    const other = await at.board.issue('incident-10', 'Incident 10', 'why', 'incident');
    expect(new Set([number, other]).size).toBe(2);
    expect((await issues('incident')).map(({ title }) => title).sort()).toEqual([
      'Incident 1',
      'Incident 10',
    ]);
  });

  it('is found again when the note or the answer was lost, open or closed', async () => {
    const label = 'lost';
    const number = await at.board.issue('incident-2', 'Incident 2', 'why', label);
    await at.site.olga(`PATCH /repos/${REPOSITORY}/issues/${number}`, { state: 'closed' });
    at.notes.clear();
    expect(await at.board.issue('incident-2', 'Incident 2', 'why', label)).toBe(number);
    at.site.github.faults.set({
      rules: [{ match: { method: 'POST' }, times: 1, action: 'done-then-reset' }],
    });
    await failureOf(at.board.issue('incident-3', 'Incident 3', 'why', label));
    await at.board.issue('incident-3', 'Incident 3', 'why', label);
    expect(await issues(label)).toHaveLength(2);
  });

  it('is cut to what GitHub takes', async () => {
    await at.board.issue('incident-4', 'Incident 4', 'x'.repeat(1_000_000), 'long');
    expect(String(at.written()[0]?.body.body).length).toBeLessThanOrEqual(65_536);
  });
});

describe('a reaction', () => {
  it('is given once, and to a comment that is gone it is nothing', async () => {
    const { number } = await at.pull();
    const { body } = await comment(number, '/commander help');
    await at.board.react(body.id, 'eyes');
    await at.board.react(body.id, 'eyes');
    const [shown] = await at.list<{ id: number; reactions: { eyes: number } }>(`issues/${number}/comments`);
    expect(shown?.reactions.eyes).toBe(1);
    await at.site.olga(`DELETE /repos/${REPOSITORY}/issues/comments/${body.id}`);
    await at.board.react(body.id, 'rocket');
  });
});
