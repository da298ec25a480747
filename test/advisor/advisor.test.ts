import { describe, expect, it } from 'vitest';
import { createAdvisor } from '../../controller/planning/advisor/advisor.js';
import { queriesOf } from '../../controller/planning/advisor/queries.js';
import type { Knowledge } from '../../controller/ports/knowledge.js';
import { type Model, ModelUnavailable } from '../../controller/ports/model.js';
import { quietLog } from '../support/quiet-log.js';
import {
  advised,
  forever,
  inputOf,
  knowledgeOf,
  MODEL,
  modelOf,
  passageOf,
  sopOf,
  verdict,
} from './support.js';

const SENTENCE = 'The on-call engineer must be told before production changes.';
const SOP = sopOf(`# Release\n\nA word first. ${SENTENCE} Thank you very much.\n`);
const log = quietLog();

describe('what a model says about an SOP', () => {
  it('is a finding by its name, with the sentence as written and a reason', async () => {
    const { findings, without } = await advised([SOP], () => ({ verdicts: [verdict({ quote: SENTENCE })] }));
    expect(without).toEqual([]);
    expect(findings).toEqual([
      {
        source: 'release',
        rule: 'advice',
        severity: 'high',
        verdict: 'deviates',
        environment: null,
        message: 'A model reads the plan as deviating: It does not.',
        quote: SENTENCE,
        fix: 'Change the intent so that the plan does what the sentence says, or waive it with a reason',
        by: MODEL,
        waiver: null,
      },
    ]);
  });

  it('quotes whole sentences, whichever part of one the model copied, in whatever white space', async () => {
    const sop = sopOf('- The on-call engineer must\n  be told\tbefore production changes.\n- Another one.');
    const { findings } = await advised([sop], () => ({
      verdicts: [verdict({ quote: '  engineer must be told   before ' })],
    }));
    expect(findings.map(({ quote }) => quote)).toEqual([
      'The on-call engineer must\n  be told\tbefore production changes.',
    ]);
  });

  it('quotes several sentences as written', async () => {
    const { findings } = await advised([SOP], () => ({
      verdicts: [verdict({ quote: 'first. The on-call engineer' })],
    }));
    expect(findings.map(({ quote }) => quote)).toEqual(['first. The on-call engineer']);
  });

  it('that the plan complies is no pass: it is shown as what nobody checked', async () => {
    const { findings } = await advised([SOP], () => ({
      verdicts: [verdict({ quote: SENTENCE, verdict: 'complies' })],
    }));
    expect(findings).toMatchObject([{ verdict: 'cannot-tell', by: MODEL }]);
  });

  it('is never more severe than the SOP itself', async () => {
    const answer = () => ({ verdicts: [verdict({ quote: SENTENCE, severity: 'high' })] });
    const low = await advised([{ ...SOP, severity: 'low' }], answer);
    expect(low.findings).toMatchObject([{ severity: 'low' }]);
    const medium = await advised([SOP], () => ({
      verdicts: [verdict({ quote: SENTENCE, severity: 'medium' })],
    }));
    expect(medium.findings).toMatchObject([{ severity: 'medium' }]);
  });

  it('twice about one sentence counts once, the stricter one', async () => {
    const { findings } = await advised([SOP], () => ({
      verdicts: [
        verdict({ quote: SENTENCE, verdict: 'complies' }),
        verdict({ quote: 'engineer must be told before', verdict: 'deviates', severity: 'low' }),
        verdict({ quote: SENTENCE, verdict: 'deviates', severity: 'medium' }),
        verdict({ quote: SENTENCE, verdict: 'does-not-apply', severity: 'high' }),
      ],
    }));
    expect(findings).toMatchObject([{ verdict: 'deviates', severity: 'medium' }]);
  });

  it('about a sentence that code has compiled is dropped: code judges that', async () => {
    const compiled = {
      ...SOP,
      controls: [
        { kind: 'pinned-version', quote: SENTENCE, origin: 'rules', scope: null, severity: null } as const,
      ],
    };
    for (const quote of [SENTENCE, 'must be told before production', `A word first. ${SENTENCE}`]) {
      const { findings, without } = await advised([compiled], () => ({ verdicts: [verdict({ quote })] }));
      expect({ findings, without }).toEqual({ findings: [], without: [] });
    }
  });

  it('about advice says something only when it can tell', async () => {
    const advice = { ...SOP, advice: [SENTENCE] };
    const answer = (word: string) => () => ({ verdicts: [verdict({ quote: SENTENCE, verdict: word })] });
    expect((await advised([advice], answer('cannot-tell'))).findings).toEqual([]);
    expect((await advised([SOP], answer('cannot-tell'))).findings).toHaveLength(1);
    expect((await advised([advice], answer('deviates'))).findings).toHaveLength(1);
  });
});

describe('what is retrieved', () => {
  const ask = async (knowledge: Knowledge, sops = [SOP]) => {
    const model = modelOf(() => ({ verdicts: [] }));
    await createAdvisor({ knowledge, model, log })(inputOf(sops), forever);
    return model.asked;
  };

  it('is asked for by environment, steps, guards, approval and version', () => {
    expect(queriesOf(inputOf([]).facts)).toEqual([
      'deploy release deployment checkout to staging',
      'deploy release deployment checkout to production',
      'required before deploy release deployment staging production build start health check smoke tests switch watch',
      'monitoring limits staging production error rate 5 %, 3 failed health probes in a row, watch 5 min error rate 2 %, 3 failed health probes in a row, watch 10 min',
      'who must approve deploy release deployment checkout staging production, when is it not allowed',
      'which version may deploy release deployment v1.2.3',
    ]);
  });

  it('counts only of SOPs that apply, of this repository, that are committed now', async () => {
    const other = sopOf('About payments only.', {
      path: 'sops/payments.md',
      scope: { services: ['payments'], environments: [], actions: [] },
    });
    const gone = passageOf(sopOf('It was here.', { path: 'sops/gone.md' }));
    const foreign = passageOf(SOP, { id: 'foreign', repository: '/elsewhere' });
    const knowledge = knowledgeOf([passageOf(other), gone, foreign]);
    expect(await ask(knowledge, [SOP, other])).toEqual([]);
  });

  it('is at most eight passages of two thousand characters, in one question', async () => {
    const body = 'word '.repeat(200_000);
    const sop = sopOf(body);
    const many = Array.from({ length: 30 }, (_, index) => passageOf(sop, { id: `${index}`, index }));
    const [asked, ...more] = await ask(knowledgeOf(many), [sop]);
    const { passages } = JSON.parse(asked?.user ?? '');
    expect(more).toEqual([]);
    expect(passages).toHaveLength(8);
    expect(asked?.user.length).toBeLessThan(20_000);
  });

  it('in which words of an earlier version of the file stand is not quoted from', async () => {
    const knowledge = knowledgeOf([passageOf(SOP, { text: 'Nobody deploys on Mondays, ever.' })]);
    const model = modelOf(() => ({ verdicts: [verdict({ quote: 'Nobody deploys on Mondays, ever.' })] }));
    const { findings, without } = await createAdvisor({ knowledge, model, log })(inputOf([SOP]), forever);
    expect(findings).toEqual([]);
    expect(without[0]).toContain('1 verdict of ollama/qwen3:8b on SOPs, rejected');
  });
});

describe('without a part of it', () => {
  const passages = knowledgeOf([passageOf(SOP)]);
  const throwing: Knowledge = {
    ...passages,
    search: () => Promise.reject(new Error('connect ECONNREFUSED')),
  };
  const hanging: Knowledge = { ...passages, search: () => new Promise(() => {}) };
  const model = modelOf(() => ({ verdicts: [verdict({ quote: SENTENCE })] }));
  const away: Model = {
    names: [MODEL],
    ask: () => Promise.reject(new ModelUnavailable('ollama/qwen3:8b does not answer (ECONNREFUSED)')),
  };
  const silent: Model = { names: [MODEL], ask: () => new Promise(() => {}) };
  const run = (knowledge: Knowledge, asked: Model | null, limitMs = 60_000) =>
    createAdvisor({ knowledge, model: asked, log, limitMs })(inputOf([SOP]), forever);

  it('no model is configured: nothing is searched, nothing is added, and nothing is missing', async () => {
    expect(await run(throwing, null)).toEqual({ findings: [], without: [] });
  });

  it('the model is away: that is said', async () => {
    expect(await run(passages, away)).toEqual({
      findings: [],
      without: ['SOP verdicts of a model: ollama/qwen3:8b does not answer (ECONNREFUSED)'],
    });
  });

  it('search is away: that is said, once', async () => {
    expect(await run(throwing, model)).toEqual({
      findings: [],
      without: ['SOP search: postgres does not answer (connect ECONNREFUSED)'],
    });
  });

  it('embeddings are away: what is found by words is judged, and that is said', async () => {
    const words = knowledgeOf([passageOf(SOP)], ['embeddings: openai/e does not answer']);
    const { findings, without } = await run(words, model);
    expect(findings).toHaveLength(1);
    expect(without).toEqual(['embeddings: openai/e does not answer']);
  });

  it('parts that hang, whatever signal they get, are given up', async () => {
    expect((await run(hanging, model, 20)).without[0]).toContain('SOP search: postgres does not answer');
    expect((await run(passages, silent, 20)).without[0]).toContain('SOP verdicts of a model');
  });

  it('parts that throw while they are called, or something else than errors', async () => {
    const rude: Model = {
      names: [],
      ask: () => {
        throw 'no';
      },
    };
    const rudeSearch: Knowledge = {
      ...passages,
      search: () => {
        throw new Error('at once');
      },
    };
    expect((await run(passages, rude)).without).toEqual(['SOP verdicts of a model: no']);
    expect((await run(rudeSearch, model)).findings).toEqual([]);
    expect((await run(rudeSearch, model)).without).toHaveLength(1);
  });
});
