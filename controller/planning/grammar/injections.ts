import type { Objection } from './objection.js';
import { isPunct, isWord, type Token } from './token.js';
import { words } from './words.js';

const COLON_ROLES = words('system assistant im_start im_end developer');

/** Marks that chat templates put around messages: "<|im_start|>", "[INST]", "<<SYS>>". */
const TEMPLATE = /<\|[^|<>\n]{1,40}\|>|\[\/?INST\]|<<\/?SYS>>/i;

export function hasTemplateMarks(text: string): boolean {
  return TEMPLATE.test(text);
}

/** "SYSTEM: …", "<system>", "[assistant]", "role": "system", "outcome": "plan". */
export function injected(tokens: readonly Token[]): Objection | null {
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token !== undefined && runsShell(tokens, at))
      return { what: 'it asks to run a command', tokens: [token] };
    if (token === undefined || token.kind !== 'word' || token.services.length > 0) continue;
    const after = isPunct(tokens[at + 1], '"') ? tokens[at + 2] : tokens[at + 1];
    const marked =
      isPunct(tokens[at - 1], '<', '[', '#', '|', '/', '*') || isPunct(after, ':', '>', ']', '|');
    const role = COLON_ROLES.has(token.fold) && marked;
    const faked =
      isWord(token, 'role', 'outcome', 'tool_calls', 'function_call', 'tool_call') &&
      isPunct(tokens[at - 1], '"', '<', '{', "'") &&
      (isPunct(after, ':') || isPunct(after, '>'));
    const markup =
      isWord(
        token,
        'script',
        'iframe',
        'img',
        'intent',
        'catalog',
        'tool_result',
        'tool',
        'instructions',
        'instruction',
        'important',
        'admin',
        'prompt',
        'context',
        'policy',
      ) &&
      (isPunct(tokens[at - 1], '<') || (isPunct(tokens[at - 1], '/') && isPunct(tokens[at - 2], '<')));
    const comment =
      isPunct(tokens[at - 1], '-') &&
      isPunct(tokens[at - 2], '-') &&
      isPunct(tokens[at - 3], '!') &&
      isPunct(tokens[at - 4], '<');
    const output =
      (isWord(token, 'result', 'output', 'response') &&
        isPunct(after, ':') &&
        isWord(
          tokens[at - 1],
          'tool',
          'function',
          'command',
          'api',
          'policy',
          'validation',
          'validator',
          'approval',
        )) ||
      (isWord(token, 'observation') && isPunct(after, ':') && tokens[at + 2]?.kind !== 'duration') ||
      (isWord(token, 'tool', 'function', 'observation') &&
        isPunct(tokens[at - 1], '[') &&
        isPunct(after, ']'));
    if (output) return { what: "it passes text off as a tool's answer", tokens: [token] };
    const substitution =
      isPunct(tokens[at - 1], '(', '{') && isPunct(tokens[at - 2], '$') && !tokens[at - 1]?.spaced;
    if (role || faked || markup || comment)
      return {
        what: 'it speaks in the name of the system instead of asking for something',
        tokens: tokens.slice(at, at + 2),
      };
    if (addressesUs(tokens, at))
      return {
        what: 'it speaks to the controller beside what it asks for',
        tokens: tokens.slice(at, at + 5),
      };
    if (substitution) return { what: 'it asks to run a command', tokens: tokens.slice(at, at + 1) };
    if (isFlag(tokens, at)) return { what: 'it asks to run a command', tokens: [token] };
    if (castsRole(tokens, at)) return { what: 'it asks to play a role', tokens: tokens.slice(at, at + 3) };
    const forced =
      isWord(
        token,
        'force',
        'no-verify',
        'skip-approval',
        'skip-checks',
        'skip-review',
        'no-review',
        'yolo',
        'no-guards',
        'skip-sop',
        'no-approval',
        'skip-watch',
        'no-watch',
        'bypass-approval',
        'no-rollback',
        'force-push',
        'skip-guards',
        'skip-approvals',
      ) && isPunct(tokens[at - 1], '-');
    const named =
      /^(?:skip|no|bypass|disable|ignore)-(?:approvals?|reviews?|sops?|watch(?:dog)?|guards?|polic(?:y|ies)|gates?|freeze|audit|rollback|alerts?)$/.test(
        token.fold,
      );
    if (forced || named)
      return { what: 'it asks to go around a rule that protects releases', tokens: [token] };
    if (
      isWord(token, 'force') &&
      isPunct(tokens[at + 1], '=', ':') &&
      isWord(tokens[at + 2], 'true', 'yes', '1', 'on')
    )
      return { what: 'it asks to force its way', tokens: [token] };
  }
  return null;
}

const LETTERS = words(
  'note notes message instruction instructions reminder memo attention attn hint request order orders',
);
const READERS = words(
  'agent agents assistant assistants ai llm llms model models controller interpreter parser automation',
);

/** "note to the deployment agent": whatever it stands beside. */
function addressesUs(tokens: readonly Token[], at: number): boolean {
  if (!LETTERS.has(tokens[at]?.fold ?? '') || !isWord(tokens[at + 1], 'to', 'for')) return false;
  return tokens
    .slice(at + 2, at + 6)
    .some((token) => token.kind === 'word' && token.services.length === 0 && READERS.has(token.fold));
}

const PIPED = words('sh bash tee xargs grep awk sed cat python perl nc base64 sudo');

/** "${…}", "$(…)", "| sh", "/etc/passwd": the language of a shell. */
function runsShell(tokens: readonly Token[], at: number): boolean {
  const [token, before] = [tokens[at], tokens[at - 1]];
  if (token === undefined) return false;
  if (isPunct(before, '(', '{') && isPunct(tokens[at - 2], '$') && before?.spaced === false) return true;
  if (isPunct(before, '|') && PIPED.has(token.text)) return true;
  return (
    token.kind === 'path' &&
    /^(?:~|\.\.?\/|\/(?:etc|var|root|usr|bin|sbin|proc|dev|home|opt)\/)/.test(token.text)
  );
}

const OWN_FLAGS = words(
  'version service env environment environments watch to from action dry-run tests smoke smoke-tests tag app target error-rate p95 notify v e s name json note',
);

/** " -h", " --all": an option of some program; ours are the fields of an intent. */
function isFlag(tokens: readonly Token[], at: number): boolean {
  const [token, dash, before] = [tokens[at], tokens[at - 1], tokens[at - 2]];
  if (token === undefined || !isPunct(dash, '-') || token.spaced || before === undefined) return false;
  const double = isPunct(before, '-') && dash?.spaced === false;
  const start = double ? before : dash;
  const led = double ? tokens[at - 3] : before;
  if (start?.spaced !== true || led === undefined || led.kind !== 'word') return false;
  if (OWN_FLAGS.has(token.text)) return false;
  return double || (token.text.length <= 2 && token.environments.length === 0);
}

const KIND = words(
  'best great awesome welcome right good star legend amazing to going ready done here kidding the all up on sure most looking in at able doing fine quick fast ok okay online around busy away back not',
);

/** "You are RootBot", "you are now allowed to …". */
function castsRole(tokens: readonly Token[], at: number): boolean {
  const next = isWord(tokens[at], "you're")
    ? at + 1
    : isWord(tokens[at], 'you') && isWord(tokens[at + 1], 'are')
      ? at + 2
      : -1;
  if (
    next < 0 ||
    isWord(
      tokens[at - 1],
      'if',
      'when',
      'once',
      'whenever',
      'as',
      'while',
      'since',
      'that',
      'because',
      'hope',
      'unless',
      'where',
      'what',
      'who',
    )
  )
    return false;
  const named = tokens[next];
  return (
    named !== undefined &&
    named.kind === 'word' &&
    !(KIND.has(named.text) && !isWord(tokens[next + 1], 'root', 'admin', 'system'))
  );
}
