import { access } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databaseUrl, intentFile } from '../../end-to-end/harness.js';
import { commitOn } from '../stand-in/support.js';
import {
  commented,
  commitAs,
  done,
  expectNoDuplicates,
  looked,
  makeBranch,
  merged,
  openPull,
  oursUnder,
  setPull,
  statusesOf,
  tipOf,
  told,
} from './deeds.js';
import { type GitHubSite, openGitHubSite, REPOSITORY, until } from './site.js';

const SERVICES = 'alpha bravo charlie delta echo foxtrot golf hotel'.split(' ');
const SMOKE_FIRST = `---
id: smoke-first
severity: high
applies: { services: [delta] }
rules:
  - requireSteps: [smoke_tests]
---
# Smoke tests

The smoke tests must pass before users reach a new version.
`;
const SECRETS: Readonly<Record<string, string>> = {
  'a token of GitHub': `ghp_${'a1B2'.repeat(9)}`,
  'an access key': 'AKIAIOSFODNN7EXAMPLE',
  'a password': 'hunter2correcthorse',
};

let at: GitHubSite;
beforeAll(async () => {
  at = await openGitHubSite({
    services: SERVICES.map((name) => ({ name })),
    sops: { 'smoke.md': SMOKE_FIRST },
  });
});
afterAll(async () => {
  await expectNoDuplicates(at);
  await at.close();
  expect(at.held.breaches).toEqual([]);
});

interface Brought {
  readonly number: number;
  readonly head: string;
}

/** A pull request of a person with those files. */
async function bring(
  branch: string,
  files: Record<string, string>,
  login: 'pat' | 'olga' = 'pat',
): Promise<Brought> {
  await makeBranch(at, branch);
  const head = await commitAs(at, login, branch, files);
  return { number: await openPull(at, login, { head: branch }), head };
}

const asking = (name: string, text: string) => ({ [`intents/${name}.yaml`]: intentFile(name, text) });

describe.concurrent('a pull request that brings an intent', () => {
  it('shows the plan that would come of it, before and after it is merged', async () => {
    const { number, head } = await bring('ask-alpha', asking('alpha-1', 'Deploy alpha v1.0.0 to staging.'));
    const seen = await told(at, head, 'commander/intent', 'success', 'would be planned');
    expect(seen.target_url).toContain(`/pull/${number}`);
    const comment = await commented(at, number, 'Deploy alpha v1.0.0: staging');
    expect(comment).toContain('Merging this runs nothing');
    const { merge_commit_sha: commit } = await merged(at, number);
    const plan = await at.pullOf('alpha-1');
    await told(at, commit, 'commander/intent', 'success', `planned in #${plan.number}`);
    await commented(at, number, `pull/${plan.number}`);
    expect(await at.site.executions('alpha')).toEqual([]);
  });

  it('shows the question that it leaves open, and the plan once that is answered', async () => {
    const { number, head } = await bring('ask-bravo', asking('bravo-1', 'Deploy bravo v1.0.0.'));
    await told(at, head, 'commander/intent', 'failure', 'question');
    await commented(at, number, 'needs an answer');
    const next = await commitAs(at, 'pat', 'ask-bravo', asking('bravo-1', 'Deploy bravo v1.0.0 to staging.'));
    await told(at, next, 'commander/intent', 'success', 'would be planned');
    await commented(at, number, 'can be planned');
  });

  it('shows that it is refused', async () => {
    const { number, head } = await bring(
      'ask-drop',
      asking('drop', 'Drop the database of alpha in production.'),
    );
    await told(at, head, 'commander/intent', 'failure', 'refused');
    await commented(at, number, '❌ refused');
  });

  it('shows a broken file with the line that is wrong, also as an annotation', async () => {
    const text = intentFile('broken', 'Deploy alpha v1.0.0 to staging.').split('\n');
    const { number, head } = await bring('ask-broken', {
      'intents/broken.yaml': [
        'apiVersion: devopscommander.io/v1alpha1',
        'kind: Intent',
        'metadata: [',
        ...text,
      ].join('\n'),
    });
    await told(at, head, 'commander/intent', 'failure', /intents\/broken\.yaml:\d+/);
    await commented(at, number, 'cannot be read');
    await until('annotations on the file', async () => checkRunOf(head) !== undefined);
    const place = { path: 'intents/broken.yaml', start_line: 4, annotation_level: 'failure' };
    expect(checkRunOf(head)).toMatchObject({
      conclusion: 'failure',
      output: { annotations: expect.arrayContaining([expect.objectContaining(place)]) },
    });
  });

  it('from a fork is shown like any other, and nothing in it counts or runs', async () => {
    const fork = await at.github.fork(REPOSITORY, 'sam');
    const sam = at.as('sam');
    const main = (await tipOf(at, 'main')) ?? '';
    const marker = join(at.site.folder, 'marker-of-the-fork');
    const sha = await commitOn(sam, fork, main, {
      ...asking('charlie-1', 'Deploy charlie v1.0.0 to staging.'),
      'infra/scripts/run-tests': `#!/bin/sh\ntouch ${marker}\n`,
      '.git-hooks/post-checkout': `#!/bin/sh\ntouch ${marker}\n`,
    });
    await done(sam(`POST /repos/${fork}/git/refs`, { ref: 'refs/heads/ask', sha }));
    const number = await openPull(at, 'sam', { head: 'sam:ask' });
    await told(at, sha, 'commander/intent', 'success', 'would be planned');
    await commented(at, number, 'Deploy charlie v1.0.0: staging');
    await expect(access(marker)).rejects.toThrow();
    expect(await at.site.intent('charlie-1')).toBe(null);
  });

  it('is read with the catalog and the procedures of main, whatever it does to them', async () => {
    const catalog = {
      apiVersion: 'devopscommander.io/v1alpha1',
      kind: 'Catalog',
      environments: [],
      services: [],
    };
    const { number, head } = await bring('ask-delta', {
      ...asking('delta-1', 'Deploy delta v1.0.0 to staging.'),
      ...asking('ghost-1', 'Deploy ghost v1.0.0 to staging.'),
      'sops/smoke.md': '# Nothing to say\n',
      'commander.yaml': JSON.stringify({
        ...catalog,
        environments: [{ name: 'staging', runtime: 'process' }],
        services: [
          {
            name: 'ghost',
            repository: join(at.site.folder, 'alpha'),
            run: ['node', 'server.js'],
            port: 8080,
          },
        ],
      }),
    });
    const comment = await commented(at, number, 'ghost');
    expect(comment).toContain('smoke-first');
    await told(at, head, 'commander/intent', 'failure', '');
    expect(comment).not.toMatch(/ghost-1.*can be planned/);
  });

  it.each(Object.entries(SECRETS))(
    'with %s in it is refused, and that is repeated nowhere',
    async (what, secret) => {
      const branch = `ask-${what.replaceAll(' ', '-')}`;
      const name = `secret-${what.split(' ')[1]}`;
      const text = `Deploy hotel v1.0.0 to staging. My password: ${secret}`;
      const { number, head } = await bring(branch, asking(name, text));
      await told(at, head, 'commander/intent', 'failure', 'credential');
      await commented(at, number, 'credential');
      await repeatedNowhere(secret, number, head);
      const { merge_commit_sha: commit } = await merged(at, number);
      await at.site.inState(name, 'broken');
      await told(at, commit, 'commander/intent', 'failure', 'credential');
      await commented(at, number, 'What became of these intents');
      await repeatedNowhere(secret, number, commit);
      expect(JSON.stringify(await at.site.intent(name))).not.toContain(secret);
    },
  );

  it('full of markup, mentions and control characters is shown and not interpreted', async () => {
    const text = `Deploy golf to \u001b[31mstaging\u202e @everyone <img src=x onerror=alert(1)> [x](https://evil.example) v1.0.0?`;
    const { number, head } = await bring('ask-golf', asking('golf-1', text));
    await until('a verdict', async () =>
      (await statusesOf(at, head)).some(({ context }) => context === 'commander/intent'),
    );
    const comment = await commented(at, number, 'golf-1');
    expect(comment).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e]/);
    expect(comment).not.toContain('@everyone');
    expect(comment).not.toMatch(/(?<!\\)<img/);
    expect(comment).not.toContain('[x](');
  });

  it('in unusual files is told so on each: a link, one that is too large', async () => {
    await makeBranch(at, 'ask-odd');
    const parent = (await tipOf(at, 'ask-odd')) ?? '';
    const entries = [
      {
        path: 'intents/link.yaml',
        mode: '120000',
        type: 'blob',
        content: intentFile('link', 'Deploy echo v1.0.0 to staging.'),
      },
      {
        path: 'intents/large.yaml',
        mode: '100644',
        type: 'blob',
        content: intentFile('large', `Deploy echo v1.0.0 to staging. ${'Please. '.repeat(9000)}`),
      },
    ];
    const pat = at.as('pat');
    const tree = await done(pat(`POST /repos/${REPOSITORY}/git/trees`, { base_tree: parent, tree: entries }));
    const commit = { message: 'Odd files', tree: tree.body.sha, parents: [parent] };
    const { body } = await done(pat(`POST /repos/${REPOSITORY}/git/commits`, commit));
    await done(pat(`PATCH /repos/${REPOSITORY}/git/refs/heads/ask-odd`, { sha: body.sha }));
    const number = await openPull(at, 'pat', { head: 'ask-odd' });
    await told(at, body.sha, 'commander/intent', 'failure', 'broken');
    const comment = await commented(at, number, 'intents/link.yaml');
    expect(comment.match(/cannot be read/g)).toHaveLength(2);
    expect(comment).toContain('symlink');
    expect(comment).toMatch(/large/);
  });

  it('that deletes one intent and renames another shows what is left', async () => {
    await at.push({ ...asking('echo-old', 'Deploy echo v1.0.0 to staging.') }, 'To be deleted');
    await at.push({ ...asking('foxtrot-old', 'Deploy foxtrot v1.0.0 to staging.') }, 'To be renamed');
    await makeBranch(at, 'ask-less');
    await at.push(
      {
        'intents/echo-old.yaml': null,
        'intents/foxtrot-old.yaml': null,
        'intents/foxtrot-new.yaml': intentFile('foxtrot-old', 'Deploy foxtrot v1.0.0 to staging.'),
      },
      'Less',
      'ask-less',
    );
    const head = (await tipOf(at, 'ask-less')) ?? '';
    const number = await openPull(at, 'pat', { head: 'ask-less' });
    await told(at, head, 'commander/intent', 'success', 'would be planned');
    const comment = await commented(at, number, 'foxtrot-new.yaml');
    expect(comment).not.toContain('echo');
  });

  it('that brings none is green without a comment', async () => {
    const { number, head } = await bring('no-intent', { 'notes/nothing.md': 'Nothing.\n' });
    await told(at, head, 'commander/intent', 'success', 'no intent is changed');
    await looked(at);
    expect(await oursUnder(at, number)).toEqual([]);
  });

  it('and is closed and opened again keeps its one comment', async () => {
    const { number } = await bring('ask-again', asking('echo-9', 'Deploy echo v1.1.0 to staging.'));
    await commented(at, number, 'can be planned');
    await setPull(at, number, { state: 'closed' }, 'pat');
    await setPull(at, number, { state: 'open' }, 'pat');
    const next = await commitAs(at, 'pat', 'ask-again', asking('echo-9', 'Deploy echo v1.0.0 to staging.'));
    await told(at, next, 'commander/intent', 'success', 'would be planned');
    await commented(at, number, 'Deploy echo v1.0.0');
  });

  it('from a branch that is named like those of the controller has its verdict too', async () => {
    const { head } = await bring('commander/mine', asking('mine-1', 'Deploy echo v1.0.0 to staging.'));
    await told(at, head, 'commander/intent', 'success', 'would be planned');
  });
});

/** What was sent to be shown beside the lines; the stand-in does not keep it. */
function checkRunOf(head: string): unknown {
  return at.github.requests.find(
    ({ method, path, body }) =>
      method === 'POST' && path.endsWith('/check-runs') && JSON.stringify(body).includes(head),
  )?.body;
}

/** Where people or programs look: comments, statuses, checks, the log, the audit trail, the API and the whole database. */
async function repeatedNowhere(secret: string, number: number, commit: string): Promise<void> {
  await at.site.client.post('/v1/look', {});
  const checks = await at.as('olga')(`GET /repos/${REPOSITORY}/commits/${commit}/check-runs`);
  const seen: Readonly<Record<string, unknown>> = {
    comments: await oursUnder(at, number),
    statuses: await statusesOf(at, commit),
    checks: checks.body,
    status: await at.site.status(),
    audit: await at.site.client.get('/v1/audit?limit=1000'),
    log: await at.site.log(),
  };
  for (const [place, content] of Object.entries(seen))
    expect(JSON.stringify(content), place).not.toContain(secret);
  expect(await tablesWith(secret), 'tables').toEqual([]);
}

async function tablesWith(secret: string): Promise<readonly string[]> {
  const database = new pg.Client({ connectionString: await databaseUrl(at.site) });
  await database.connect();
  try {
    const { rows } = await database.query<{ schema: string; name: string }>(
      `select table_schema as schema, table_name as name from information_schema.tables
       where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    const found: string[] = [];
    for (const { schema, name } of rows) {
      const table = `"${schema}"."${name}"`;
      const { rowCount } = await database.query(`select 1 from ${table} as t where t::text like $1 limit 1`, [
        `%${secret}%`,
      ]);
      if (rowCount !== 0) found.push(name);
    }
    return found;
  } finally {
    await database.end();
  }
}
