import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalForge } from '../../controller/adapters/forge/local.js';
import {
  createGitOpsRepository,
  type OpenGitOpsRepository,
} from '../../controller/adapters/git/gitops-repository.js';
import type { DeploymentPlan } from '../../controller/domain/plan.js';
import { renderPlan } from '../../controller/planning/documents/plan.js';
import type { ApprovalCheck, Forge, ProposalReference } from '../../controller/ports/forge.js';
import { MergeRefused } from '../../controller/ports/repositories.js';
import { makePlan } from '../documents/plan-example.js';
import {
  ANN,
  commit,
  git,
  IDENTITY,
  newRepository,
  program,
  recordingLog,
  temporaryFolder,
  write,
} from '../git/support.js';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let repository: OpenGitOpsRepository;
let forge: Forge;
let log: ReturnType<typeof recordingLog>;
const plan = makePlan();
const file = renderPlan(plan);
const FILE = 'plans/checkout-2-4-1.yaml';
const BRANCH = 'commander/checkout-2-4-1';

beforeEach(async () => {
  folder = temporaryFolder();
  log = recordingLog();
  path = newRepository(join(folder.path, 'gitops'), { 'commander.yaml': 'x\n' });
  repository = await createGitOpsRepository({
    git: program,
    location: path,
    dataDir: folder.path,
    log,
    identity: IDENTITY,
  });
  forge = createLocalForge({ repository, log, identity: IDENTITY });
});
afterEach(() => {
  repository.close();
  folder.remove();
});

async function propose(
  previous: ProposalReference | null = null,
  of: DeploymentPlan = plan,
): Promise<ProposalReference> {
  const request = {
    plan: of,
    path: FILE,
    file: renderPlan(of),
    title: 'Deploy checkout',
    body: 'What will happen.\n\nMore.',
    previous,
  };
  const result = await forge.propose(request);
  if (result.kind !== 'proposed') throw new Error(`foreign: ${result.foreign.author}`);
  return result.reference;
}

const check = (reference: ProposalReference): Promise<ApprovalCheck> =>
  forge.checkApproval(plan, FILE, file, reference);
const merge = (...args: string[]) => git(path, 'merge', '-q', '--no-ff', '-m', 'looks good', ...args, BRANCH);

async function refusal(reference: ProposalReference): Promise<string> {
  const answer = await check(reference);
  return answer.kind === 'refused' ? answer.reason : answer.kind;
}

describe('proposing', () => {
  it('puts one commit with the plan’s file on a branch of its own', async () => {
    const reference = await propose();
    expect(reference).toEqual({
      branch: BRANCH,
      head: git(path, 'rev-parse', BRANCH),
      number: null,
      url: null,
    });
    expect(git(path, 'log', '--format=%P|%s', '-1', BRANCH)).toBe(
      `${git(path, 'rev-parse', 'main')}|Deploy checkout`,
    );
    expect(`${git(path, 'show', `${BRANCH}:${FILE}`)}\n`).toBe(file);
  });

  it('writes nothing when nothing has changed, also without the memory of a crashed controller', async () => {
    const reference = await propose();
    expect(await propose(reference)).toEqual(reference);
    expect(await propose(null)).toEqual(reference);
  });

  it('is kept up to date in place when the plan or the protected branch changes', async () => {
    const first = await propose();
    const second = await propose(first, makePlan({ expiresAt: '2026-02-01T00:00:00.000Z' }));
    expect(second.head).not.toBe(first.head);
    const main = commit(path, { 'other.txt': 'x' });
    const third = await propose(second);
    expect(git(path, 'log', '--format=%P', '-1', BRANCH)).toBe(main);
    expect(git(path, 'rev-parse', BRANCH)).toBe(third.head);
    expect(git(path, 'branch', '--list', 'commander/*')).toBe(BRANCH);
  });

  it('never overwrites somebody else’s commit, and says whose it is', async () => {
    const reference = await propose();
    git(path, 'switch', '-q', BRANCH);
    const theirs = commit(path, { [FILE]: `${file}# hm\n` });
    const request = { plan, path: FILE, file, title: 't', body: 'b' };
    for (const previous of [reference, null]) {
      expect(await forge.propose({ ...request, previous })).toEqual({
        kind: 'foreign-head',
        foreign: { head: theirs, author: 'Ann <ann@example.org>' },
      });
    }
    expect(git(path, 'rev-parse', BRANCH)).toBe(theirs);
    const adopted = await forge.propose({ ...request, previous: { ...reference, head: theirs } });
    expect(adopted.kind).toBe('proposed');
  });
});

describe('approval', () => {
  it('is not there before the merge', async () => {
    expect(await check(await propose())).toEqual({ kind: 'not-merged' });
  });

  it('is a plain git merge by a person, who is named, and stays when main goes on', async () => {
    const reference = await propose();
    merge();
    const merged = git(path, 'rev-parse', 'HEAD');
    const approved = { kind: 'approved', by: ['git:Ann <ann@example.org>'], commit: merged };
    expect(await check(reference)).toEqual(approved);
    commit(path, { 'other.txt': 'y' });
    git(path, 'branch', '-D', BRANCH);
    expect(await check(reference)).toEqual(approved);
  });

  it('is approve() in the name of a person, which can be repeated only while the proposal is there', async () => {
    const reference = await propose();
    const merged = await forge.approve(plan, reference, { name: 'Bob', email: 'bob@example.org' });
    expect(await check(reference)).toEqual({
      kind: 'approved',
      by: ['git:Bob <bob@example.org>'],
      commit: merged,
    });
    expect(git(path, 'log', '-1', '--format=%B', merged)).toContain(plan.digest);
    expect(await forge.approve(plan, reference, { name: 'Bob', email: 'bob@example.org' })).toBe(merged);
    await forge.close(reference, 'merged');
    await expect(forge.approve(plan, reference, ANN)).rejects.toThrow(MergeRefused);
  });

  it('is a fast-forward too, by whom the reflog names', async () => {
    const reference = await propose();
    git(path, 'merge', '-q', '--ff-only', BRANCH);
    const approved = { kind: 'approved', by: ['git:Ann <ann@example.org> (fast-forward)'] };
    expect(await check(reference)).toMatchObject({ ...approved, commit: reference.head });
  });

  it('is a fast-forward by somebody unknown where there is no reflog', async () => {
    const reference = await propose();
    git(path, 'merge', '-q', '--ff-only', BRANCH);
    rmSync(join(path, '.git', 'logs'), { recursive: true });
    expect(await check(reference)).toMatchObject({ by: ['git:unknown person (fast-forward)'] });
  });

  it('is a merge through another branch', async () => {
    const reference = await propose();
    git(path, 'switch', '-q', '-c', 'collect');
    merge();
    git(path, 'switch', '-q', 'main');
    git(path, 'merge', '-q', '--no-ff', '-m', 'collected', 'collect');
    expect(await check(reference)).toMatchObject({ kind: 'approved', by: ['git:Ann <ann@example.org>'] });
  });

  it('is a squash of the very same file while the proposal is open, and not afterwards', async () => {
    const reference = await propose();
    git(path, 'merge', '-q', '--squash', BRANCH);
    git(path, 'commit', '-q', '-m', 'squashed');
    expect(await check(reference)).toEqual({
      kind: 'approved',
      by: ['git:Ann <ann@example.org> (squashed)'],
      commit: git(path, 'rev-parse', 'HEAD'),
    });
    git(path, 'branch', '-D', BRANCH);
    expect(await refusal(reference)).toMatch(/a plan pushed without a proposal \(commit .* by Ann/);
  });

  it('is not a plan pushed to the protected branch by hand', async () => {
    const reference = await propose();
    commit(path, { [FILE]: renderPlan(makePlan({ expiresAt: '2030-01-01T00:00:00.000Z' })) }, 'sneak');
    expect(await refusal(reference)).toMatch(
      /is not the proposed plan sha256:.*edited by hand \(commit .* by Ann <ann@example.org>: "sneak"\)/,
    );
  });

  it('is not a file edited by hand after the merge, nor one put back by hand', async () => {
    const reference = await propose();
    merge();
    commit(path, { [FILE]: `${file}# more\n` }, 'tweak');
    expect(await refusal(reference)).toMatch(
      /was edited by hand \(commit .*"tweak"\): it is not the proposed plan/,
    );
    commit(path, { [FILE]: file }, 'put back');
    expect(await refusal(reference)).toMatch(/was edited by hand after the merge \(commit .*"put back"/);
  });

  it('is not a file edited in the merge itself', async () => {
    const reference = await propose();
    merge('--no-commit');
    write(path, { [FILE]: `${file}# more\n` });
    git(path, 'add', '-A');
    git(path, 'commit', '-q', '-m', 'evil merge');
    expect(await refusal(reference)).toMatch(/edited by hand \(commit .*"evil merge"/);
  });

  it('is not a merge that was undone, nor a proposal that never was', async () => {
    const reference = await propose();
    merge();
    git(path, 'revert', '--no-edit', '-m', '1', 'HEAD');
    expect(await refusal(reference)).toMatch(/was deleted after the merge/);
    expect(await refusal({ ...reference, head: '1'.repeat(40) })).toMatch(/is not in the repository/);
  });

  it('of an earlier plan of the intent does not count for the next one', async () => {
    const earlier = makePlan({ expiresAt: '2026-02-01T00:00:00.000Z' });
    const first = await propose(null, earlier);
    merge();
    const next = await propose(first);
    expect(await check(next)).toEqual({ kind: 'not-merged' });
    merge();
    expect((await check(next)).kind).toBe('approved');
  });
});

describe('closing', () => {
  it('deletes our branch, and can be repeated', async () => {
    const reference = await propose();
    await forge.close(reference, 'superseded');
    expect(git(path, 'branch', '--list', 'commander/*')).toBe('');
    await forge.close(reference, 'superseded');
    expect(log.lines.filter((line) => line.startsWith('proposal closed'))).toHaveLength(1);
  });

  it('leaves a branch with somebody else’s commit, or one that is checked out, and says so', async () => {
    const reference = await propose();
    git(path, 'switch', '-q', BRANCH);
    await forge.close(reference, 'rejected');
    const theirs = commit(path, { x: 'x' });
    await forge.close(reference, 'rejected');
    expect(git(path, 'rev-parse', BRANCH)).toBe(theirs);
    expect(log.lines).toHaveLength(2);
    expect(log.lines.join()).toMatch(
      /checked out in .*its branch has somebody else’s commit|its branch was left.*somebody else’s commit/s,
    );
    rmSync(path, { recursive: true });
  });
});
