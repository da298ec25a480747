import type { Demand } from '../../domain/sop.js';
import type { Sentence } from './markdown.js';

export type Rule = Demand;

const QUOTE_LENGTH = 1000;

/** The sentence that says best what a rule demands: most of the rule's words; the first sentence when none has any. */
export function bestQuote(rule: Rule, sentences: readonly Sentence[], section: string | null): string {
  const eligible = sentences.filter((sentence) => section === null || sameHeading(sentence.section, section));
  const wanted = new Set(wordsOf(rule).flatMap(stems));
  let best: { text: string; score: number } | null = null;
  for (const { text } of eligible) {
    const found = new Set(stems(text).filter((word) => wanted.has(word)));
    if (best === null || found.size > best.score) best = { text, score: found.size };
  }
  return (best?.text ?? '').slice(0, QUOTE_LENGTH);
}

export function sameHeading(left: string | null, right: string): boolean {
  return left?.trim().toLowerCase() === right.trim().toLowerCase();
}

/** The words that people use for a rule. */
function wordsOf(rule: Rule): readonly string[] {
  switch (rule.kind) {
    case 'require-steps':
      return [
        ...rule.steps,
        ...rule.steps.flatMap((step) => STEP_WORDS[step] ?? []),
        'run',
        'every',
        'must',
        'pass',
      ];
    case 'environments-first':
      return [...rule.environments, 'first', 'before', 'prior', 'then', 'promote', 'promotion'];
    case 'freeze':
      return [
        rule.freeze.name,
        ...[rule.freeze.from, rule.freeze.to].flatMap((time) => [time, DAY_NAMES[time.slice(0, 3)] ?? '']),
        'freeze',
        'frozen',
        'weekend',
        'window',
        'between',
      ];
    case 'pinned-version':
      return ['pinned', 'pin', 'exact', 'version', 'tag', 'commit', 'branch', 'latest', 'main', 'release'];
    case 'guards':
      return guardWords(rule.guards);
    case 'signed-version':
      return ['signed', 'signature', 'sign', 'tag', 'version', 'release'];
    case 'approvals':
      return ['approval', 'approve', 'review', 'people', 'two', 'second', `${rule.count}`];
    case 'approver':
      return [...rule.names, 'approve', 'approval', 'sign', 'off'];
    case 'alone':
      return ['one', 'single', 'time', 'other', 'alone', 'parallel', 'same', 'services', 'concurrent'];
  }
}

const STEP_WORDS: Readonly<Record<string, readonly string[]>> = {
  run_tests: ['test', 'suite', 'unit', 'integration'],
  smoke_tests: ['smoke', 'test', 'check'],
  notify: ['notify', 'tell', 'announce', 'inform', 'message'],
};

const DAY_NAMES: Readonly<Record<string, string>> = {
  Mon: 'monday',
  Tue: 'tuesday',
  Wed: 'wednesday',
  Thu: 'thursday',
  Fri: 'friday',
  Sat: 'saturday',
  Sun: 'sunday',
};

function guardWords(guards: Extract<Rule, { kind: 'guards' }>['guards']): readonly string[] {
  const { errorRate, latencyP95Ms, logErrorsPerMinute, healthFailures, watchSeconds } = guards;
  return [
    ...(errorRate === null
      ? []
      : ['error', 'fail', 'request', `${Number((errorRate * 100).toPrecision(12))}`]),
    ...(latencyP95Ms === null
      ? []
      : ['latency', 'p95', 'slow', 'response', `${latencyP95Ms}`, `${latencyP95Ms}ms`]),
    ...(logErrorsPerMinute === null ? [] : ['log', 'error', 'line', `${logErrorsPerMinute}`]),
    ...(healthFailures === null ? [] : ['health', 'probe', 'fail', `${healthFailures}`]),
    ...(watchSeconds === null
      ? []
      : [
          'watch',
          'bake',
          'monitor',
          'observe',
          'minute',
          `${watchSeconds / 60}`,
          NUMBERS[watchSeconds / 60] ?? '',
        ]),
    'bound',
    'limit',
    'exceed',
  ];
}

const NUMBERS: Readonly<Record<number, string>> = {
  5: 'five',
  10: 'ten',
  15: 'fifteen',
  20: 'twenty',
  30: 'thirty',
  60: 'hour',
};

/** Lower-case words and numbers without their endings. */
function stems(text: string): readonly string[] {
  const words = text.toLowerCase().match(/\d+(?:[:.]\d+)*|\p{L}[\p{L}\d]*/gu) ?? [];
  return words.map((word) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, '') : word));
}
