import { cut } from '../../domain/cut.js';

/** What a pull request of ours says of itself, whatever people see or edit around it. */
export interface ProposalText {
  readonly intent: string;
  readonly digest: string;
  /** One line. */
  readonly summary: string;
  /** Markdown. */
  readonly body: string;
}

const TITLE_LIMIT = 250;
/** GitHub takes 65,536 characters. */
const BODY_LIMIT = 60_000;
const PREFIX = /^commander\(([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)\): (.*)$/s;
const MARKER = /^<!-- commander:plan intent=(\S+) digest=(sha256:[0-9a-f]{64}) -->$/;
/** A mention that is none: a zero-width space behind the sign. */
const DEFUSED = '@\u200b';
const CUT = '\n\n… (cut; the whole plan is in the file of this pull request)\n';

export function proposalTitle({ intent, summary }: Pick<ProposalText, 'intent' | 'summary'>): string {
  const characters = [...`commander(${intent}): ${oneLine(summary)}`];
  return characters.length <= TITLE_LIMIT
    ? characters.join('')
    : `${characters.slice(0, TITLE_LIMIT - 1).join('')}…`;
}

/** null when the title is not one of ours. */
export function readProposalTitle(title: string): Pick<ProposalText, 'intent' | 'summary'> | null {
  const [, intent, summary] = PREFIX.exec(title) ?? [];
  return intent === undefined || summary === undefined
    ? null
    : { intent, summary: summary.replaceAll(DEFUSED, '@') };
}

export function proposalBody({ intent, digest, body }: Omit<ProposalText, 'summary'>): string {
  const marker = `<!-- commander:plan intent=${intent} digest=${digest} -->`;
  return `${marker}\n${body.length <= BODY_LIMIT ? body : `${cut(body, BODY_LIMIT)}${CUT}`}`;
}

/** null when the body is not one of ours. Only a marker that stands first counts: one further down may be anybody's. */
export function readProposalBody(body: string): Omit<ProposalText, 'summary'> | null {
  const text = body.replaceAll('\r\n', '\n');
  const end = text.indexOf('\n');
  const [, intent, digest] = MARKER.exec(end < 0 ? text : text.slice(0, end)) ?? [];
  if (intent === undefined || digest === undefined) return null;
  return { intent, digest, body: end < 0 ? '' : text.slice(end + 1) };
}

function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .replaceAll('@', DEFUSED);
}
