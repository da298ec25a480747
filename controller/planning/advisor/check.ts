import { SEVERITIES, type Severity } from '../../domain/catalog.js';
import { modelLine } from '../../domain/model-words.js';
import type { Finding, FindingVerdict, Sop } from '../../domain/sop.js';
import { Answer } from './answer.js';
import { MODEL_VERDICTS, MOST_VERDICTS, type ModelVerdict, promptText } from './prompt.js';
import { flat, isCompiled, quotedSentence } from './quote.js';
import type { Retrieved } from './retrieve.js';

export interface Checked {
  readonly findings: readonly Finding[];
  /** Verdicts that were not understood, or whose quote is not in their passage. */
  readonly rejected: number;
}

interface Verdict {
  readonly passage: number;
  readonly verdict: ModelVerdict;
  readonly severity: Severity;
  readonly quote: string;
  readonly reason: string;
}

/** From what says least about a plan to what says most: of two words about one sentence the stricter one stands. */
const STRICTNESS: readonly ModelVerdict[] = ['does-not-apply', 'complies', 'cannot-tell', 'deviates'];

/**
 * What a model's answer comes to: findings about sentences that are in the passages it names, and about no others. Nothing
 * in the answer but verdict, severity and reason has an effect, and no verdict of it is a pass.
 */
export function checkAnswer(answer: unknown, model: string, retrieved: readonly Retrieved[]): Checked {
  const found = new Map<string, { readonly sop: Sop; readonly sentence: string; verdict: Verdict }>();
  let rejected = 0;
  for (const item of listed(answer)) {
    const verdict = readVerdict(item);
    const about = verdict === null ? undefined : retrieved[verdict.passage - 1];
    const sentence = verdict === null || about === undefined ? null : sentenceOf(about, verdict.quote);
    if (verdict === null || about === undefined || sentence === null) {
      rejected += 1;
      continue;
    }
    if (isCompiled(about.sop, sentence)) continue;
    const key = JSON.stringify([about.sop.path, flat(sentence)]);
    const before = found.get(key);
    const stricter = before === undefined ? verdict : strictest(before.verdict, verdict);
    found.set(key, { sop: about.sop, sentence, verdict: stricter });
  }
  const findings = [...found.values()].flatMap(({ sop, sentence, verdict }) =>
    saidAlready(sop, sentence, verdict) ? [] : [findingOf(sop, sentence, verdict, model)],
  );
  return { findings, rejected };
}

/** The sentence, as written, of what the model was shown; it has to be in the document as committed, too. */
function sentenceOf({ passage, sop }: Retrieved, quote: string): string | null {
  if (quotedSentence(promptText(passage.text), quote) === null) return null;
  return quotedSentence(passage.text, quote) === null ? null : quotedSentence(sop.body, quote);
}

function listed(answer: unknown): readonly unknown[] {
  return (Answer.of(answer)?.list('verdicts') ?? []).slice(0, MOST_VERDICTS);
}

function readVerdict(item: unknown): Verdict | null {
  const fields = Answer.of(item);
  const passage = fields?.number('passage') ?? 0;
  const quote = fields?.text('quote') ?? '';
  const verdict = MODEL_VERDICTS.find((known) => known === fields?.text('verdict'));
  const severity = SEVERITIES.find((known) => known === fields?.text('severity')) ?? 'medium';
  if (!Number.isInteger(passage) || passage < 1 || verdict === undefined) return null;
  return { passage, quote, reason: fields?.text('reason') ?? '', verdict, severity };
}

function strictest(left: Verdict, right: Verdict): Verdict {
  const order = (one: Verdict) =>
    [STRICTNESS.indexOf(one.verdict), SEVERITIES.indexOf(one.severity)] as const;
  const [verdict, severity] = order(left);
  const [otherVerdict, otherSeverity] = order(right);
  if (verdict !== otherVerdict) return verdict > otherVerdict ? left : right;
  return severity >= otherSeverity ? left : right;
}

/** The sentence is shown as advice that nobody could check; a model that cannot tell either adds nothing. */
function saidAlready(sop: Sop, sentence: string, { verdict }: Verdict): boolean {
  return verdict === 'cannot-tell' && sop.advice.some((advice) => flat(advice) === flat(sentence));
}

function findingOf(sop: Sop, sentence: string, verdict: Verdict, model: string): Finding {
  const reason = modelLine(verdict.reason, 200);
  const says = reason === '' ? 'no reason given' : reason;
  const shown = SHOWN[verdict.verdict];
  return {
    source: sop.id,
    rule: 'advice',
    severity: atMost(verdict.severity, sop.severity),
    verdict: shown.verdict,
    environment: null,
    message: `${shown.words}: ${says}`,
    quote: sentence,
    fix: shown.fix,
    by: model,
    waiver: null,
  };
}

/** A model's "complies" is advice for whoever approves, never a pass. */
const SHOWN: Readonly<
  Record<ModelVerdict, { readonly verdict: FindingVerdict; readonly words: string; readonly fix: string }>
> = {
  deviates: {
    verdict: 'deviates',
    words: 'A model reads the plan as deviating',
    fix: 'Change the intent so that the plan does what the sentence says, or waive it with a reason',
  },
  complies: {
    verdict: 'cannot-tell',
    words: "A model reads the plan as complying, which is no check (a model's words)",
    fix: '',
  },
  'does-not-apply': {
    verdict: 'not-applicable',
    words: "A model reads the sentence as not about this plan (a model's words)",
    fix: '',
  },
  'cannot-tell': { verdict: 'cannot-tell', words: "A model cannot tell (a model's words)", fix: '' },
};

function atMost(severity: Severity, bound: Severity): Severity {
  return SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(bound) ? bound : severity;
}
