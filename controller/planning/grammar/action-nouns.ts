import { isWord, type Token } from './token.js';
import { isBase, type Verb, verbOf } from './verbs.js';
import { DETERMINERS, SUBJECTS } from './words.js';

export const ACTION_NOUNS: Readonly<Record<string, string>> = {
  deployment: 'deploy', deployments: 'deploy', deploy: 'deploy', redeployment: 'deploy', redeploy: 'deploy', release: 'deploy', rollout: 'deploy', promotion: 'deploy', upgrade: 'deploy', 'roll-out': 'deploy',
  rollback: 'rollback', revert: 'rollback', downgrade: 'rollback', reversion: 'rollback', 'roll-back': 'rollback', build: 'build', rebuild: 'build',
}; // biome-ignore format: a table

/** "[prod] release checkout", "for checkout: deploy 2.4.1". */
export function middleVerb(tokens: readonly Token[], from: number): { verb: Verb; at: number } | null {
  for (let index = from + 1; index < tokens.length; index += 1) {
    const token = tokens[index];
    const previous = tokens[index - 1];
    if (token === undefined || token.kind !== 'word' || token.services.length > 0 || !isBase(token.text))
      continue;
    if (token.environments.length > 0 && !isOrderly(tokens, index)) continue;
    if (isBuildNumber(tokens, index)) continue;
    const verb =
      verbOf(token.text, 'deploy', 'rollback', 'test', 'build', 'run', 'leave', 'move') ??
      verbOf(token.text, 'other');
    if (verb === undefined || verb.form !== 'base') continue;
    if (
      previous !== undefined &&
      previous.kind === 'word' &&
      (DETERMINERS.has(previous.text) ||
        SUBJECTS.has(previous.text) ||
        ['to', 'of', 'for', 'in', 'on', 'and', 'or', 'not', 'with', "'s"].includes(previous.text))
    )
      continue;
    const anchored =
      previous === undefined ||
      previous.kind !== 'word' ||
      previous.services.length > 0 ||
      previous.environments.length > 0 ||
      ['roll', 'deploy', 'rollback', 'ship', 'promote', 'revert', 'redeploy'].includes(verb.lemma);
    if (
      anchored &&
      (['deploy', 'rollback', 'test', 'build'].includes(verb.class) ||
        token.text === 'roll' ||
        isOrderly(tokens, index))
    )
      return { verb, at: index };
  }
  return null;
}

/** "(build 5521)" names a build, it asks for none. */
function isBuildNumber(tokens: readonly Token[], at: number): boolean {
  return isWord(tokens[at], 'build') && /^\d+$/.test(tokens[at + 1]?.text ?? '');
}

function isOrderly(tokens: readonly Token[], at: number): boolean {
  const next = tokens[at + 1];
  return (
    next !== undefined &&
    next.kind === 'word' &&
    (DETERMINERS.has(next.text) || next.services.length > 0 || isWord(next, 'smoke', 'tests', 'back', 'it'))
  );
}

export function actionNoun(tokens: readonly Token[], from: number): { verb: Verb; at: number } | null {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined || token.services.length > 0 || !Object.hasOwn(ACTION_NOUNS, token.text))
      continue;
    if (isBuildNumber(tokens, index)) continue;
    const verb = verbOf(ACTION_NOUNS[token.text] ?? '');
    const named = tokens.some((other) => other.services.length > 0);
    if (
      verb !== undefined &&
      named &&
      !isWord(
        tokens[index + 1],
        'notes',
        'train',
        'plan',
        'candidate',
        'status',
        'failure',
        'failed',
        'pipeline',
      )
    )
      return { verb, at: index };
  }
  return null;
}
