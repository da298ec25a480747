import { describe, expect, it } from 'vitest';
import { proposalTitle } from '../../../controller/adapters/github/pull-request-text.js';
import { plain } from '../../../controller/domain/markdown.js';
import { planText, planTitle } from '../../../controller/planning/plan-body.js';
import { planComment } from '../../../controller/reporting/plan-comment.js';
import { deployments, headStatuses, mergeStatuses } from '../../../controller/reporting/plan-statuses.js';
import {
  addresses,
  COMMIT,
  command,
  DANGERS,
  executionRecord,
  facts,
  factsSaying,
  interpreted,
  ofVersion,
  planRecord,
  SECRET,
} from './view-facts.js';

describe('people’s words in Markdown', () => {
  it.each(['&commat;octocat', '&num;12', '&lt;b&gt;', '&nbsp;'])(
    'character references are shown as written: %s',
    (text) => {
      expect(interpreted(plain(text))).not.toMatch(/&[a-z]+;/i);
    },
  );

  it.each(['~~gone~~', '~~~'])('%s is shown as written', (text) => {
    expect(interpreted(plain(text))).not.toMatch(/~/);
  });

  it.each(['fixes #12', 'closes acme/other#3'])('no issue is linked or closed: %s', (text) => {
    // GitHub looks for these in the text that is left when Markdown has taken its backslashes away, as it does for mentions.
    expect(plain(text).replace(/\\/g, '')).not.toMatch(/#\d/);
  });
});

describe('a version that is called like Markdown or a mention', () => {
  const ref = 'v1-@octocat-<img/src=x>-_slanted_-`code`-](http://evil.example)';
  const { plan } = ofVersion(ref);
  const replaces = { release: 'rel-1', version: ref, commit: 'b'.repeat(40) };
  const script = { script: 'run-`x`', args: ['`@octocat`', '<img/src=x>'], timeoutSeconds: 5 };
  const environments = plan.environments.map((item) => ({
    ...item,
    replaces,
    steps: [...item.steps, { kind: 'script', name: 'run_tests', script } as const],
  })) as typeof plan.environments;

  it.each(DANGERS.map((danger) => [danger]))(
    'is shown and not interpreted in the plan’s text: %s',
    (danger) => {
      expect(interpreted(planText({ ...plan, environments }))).not.toMatch(danger);
    },
  );

  it('mentions nobody in the title', () => {
    expect(proposalTitle({ intent: 'a', summary: planTitle(plan) })).not.toMatch(/@(?!\u200b)/);
  });
});

describe('a secret that somebody pasted', () => {
  const text = `later, token ${SECRET}`;

  it('into a command is not repeated in the comment', () => {
    const commands = [command({ command: `hold ${text}` })];
    expect(planComment(facts({ commands }), addresses)).not.toContain(SECRET);
  });

  it.each([
    ['a hold', planRecord({ hold: text })],
    ['a reason', planRecord({ statusReason: text })],
    ['a rejection', planRecord({ status: 'rejected', statusReason: text })],
  ])('into %s is not in a status', (_title, record) => {
    expect(JSON.stringify(headStatuses(facts({ record }), 'a', 'u'))).not.toContain(SECRET);
  });

  it('into what a step or an incident says is in no status and no deployment', () => {
    const record = planRecord({ status: 'failed', approvedCommit: COMMIT, approvedBy: ['github:rae'] });
    const said = { ...factsSaying(text, 'v1'), record, execution: executionRecord() };
    expect(JSON.stringify(mergeStatuses(said, COMMIT, 'u'))).not.toContain(SECRET);
    expect(JSON.stringify(deployments(said))).not.toContain(SECRET);
  });
});
