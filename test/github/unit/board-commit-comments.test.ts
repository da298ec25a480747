import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ForgeBoard, LineReport } from '../../../controller/ports/forge-board.js';
import { type BoardSite, openBoard } from './board-site.js';
import type { Site } from './site.js';

let at: BoardSite;
let board: ForgeBoard;
let site: Site;
beforeAll(async () => {
  at = await openBoard();
  ({ site } = at);
  board = at.boardOf(site.user(), at.notes);
});
afterAll(() => at.close());
beforeEach(() => {
  site.calm();
  at.written();
});

const report = (commit: string, change: Partial<LineReport> = {}): LineReport => ({
  commit,
  name: 'commander/intent lines',
  conclusion: 'failure',
  commented: false,
  title: 'question',
  summary: 'which version?',
  annotations: [{ path: 'intents/a.yaml', line: 1, message: 'which version?' }],
  ...change,
});
interface CommitComment {
  readonly body: string;
}
const bodies = async (commit: string) =>
  (await at.list<CommitComment>(`commits/${commit}/comments`)).map(({ body }) =>
    body.replace('<!-- commander:status -->\n', ''),
  );

describe('what the identity may not annotate', () => {
  it('is said once in a comment on the commit, and edited in place', async () => {
    const { head } = await at.pull();
    for (let time = 0; time < 3; time += 1) await board.lines(report(head));
    await board.lines(report(head, { summary: 'which environment?' }));
    expect(await bodies(head)).toEqual(['which environment?']);
    expect(at.written().map(({ method }) => method)).toEqual(['POST', 'PATCH']);
  });

  it('is not said a second time where a comment under a pull request says it', async () => {
    const { head } = await at.pull();
    await board.lines(report(head, { commented: true }));
    expect(await bodies(head)).toEqual([]);
  });

  it('is said again with the next thing to say, when somebody deleted it', async () => {
    const { head } = await at.pull();
    await board.lines(report(head));
    const gone = { action: 'status', status: 404, body: { message: 'Not Found' } } as const;
    site.github.faults.set({ rules: [{ match: { method: 'PATCH', path: '/comments/' }, ...gone }] });
    await board.lines(report(head, { summary: 'which environment?' }));
    expect(await bodies(head)).toContain('which environment?');
  });

  it('is found again when the note was lost', async () => {
    const { head } = await at.pull();
    await board.lines(report(head));
    at.notes.clear();
    await board.lines(report(head, { summary: 'which environment?' }));
    expect(await bodies(head)).toEqual(['which environment?']);
  });
});
