import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BoardSite, type Comment, openBoard } from './board-site.js';
import { BOT, REPOSITORY } from './site.js';

let at: BoardSite;
beforeAll(async () => {
  at = await openBoard();
});
afterAll(() => at.close());
beforeEach(() => {
  at.site.calm();
  at.written();
});

it('an issue of somebody else is never taken for ours, whatever stands in it', async () => {
  const forged = {
    title: 'nothing to see',
    body: '<!-- commander:issue incident-9 -->',
    labels: ['incident'],
  };
  const { body } = await at.site.olga(`POST /repos/${REPOSITORY}/issues`, forged);
  expect(await at.board.issue('incident-9', 'Incident 9', 'why', 'incident')).not.toBe(body.number);
});

it('an issue with a title longer than GitHub takes is made, with its title cut', async () => {
  await at.board.issue('incident-8', `Incident 8: ${'v'.repeat(400)}`, 'why', 'incident');
  expect([...String(at.written()[0]?.body.title)].length).toBeLessThanOrEqual(256);
});

it('labels that are there in other capitals are the same labels: repeating changes nothing', async () => {
  const { number } = await at.pull();
  const other = await at.pull();
  await at.site.olga(`POST /repos/${REPOSITORY}/issues/${other.number}/labels`, {
    labels: ['Commander: Running'],
  });
  const wanted = ['commander', 'commander: running'];
  await at.board.labels(number, wanted);
  at.written();
  await at.board.labels(number, wanted);
  expect(at.written()).toEqual([]);
  await at.board.labels(number, ['commander']);
  const left = await at.list<{ name: string }>(`issues/${number}/labels`);
  expect(left.map(({ name }) => name.toLowerCase())).toEqual(['commander']);
});

it('a long comment is cut without splitting a character', async () => {
  const { number } = await at.pull();
  for (const before of ['', 'x']) {
    await at.board.comment(number, before + '🚀'.repeat(100_000));
    const [only] = (await at.list<Comment>(`issues/${number}/comments`)).filter(
      ({ user }) => user.login === BOT,
    );
    expect(only?.body).not.toMatch(/\p{Surrogate}|\ufffd/u);
  }
});
