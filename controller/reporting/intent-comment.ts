import { plain } from '../domain/markdown.js';
import type { ForgeCommandRecord, IntentPreview } from '../domain/records.js';
import { redact } from '../domain/redact.js';
import type { ForgeBoard } from '../ports/forge-board.js';
import type { ShownIntent } from './intent-view.js';
import { commandLines } from './plan-comment.js';

/** Under a pull request that brings intents, before it is merged. Markdown. */
export function previewComment(
  intents: readonly IntentPreview[],
  commands: readonly ForgeCommandRecord[],
): string {
  return [
    '### What these intents would come to',
    '',
    ...intents.flatMap((intent) => [
      `**${plain(intent.name)}** (${plain(intent.path)}): ${OUTCOMES[intent.outcome]}`,
      '',
      ...intent.detail.map((line) => `- ${plain(redact(line))}`),
      '',
      ...(intent.plan === null
        ? []
        : [
            '<details><summary>The plan as it would be proposed</summary>',
            '',
            intent.plan,
            '',
            '</details>',
            '',
          ]),
    ]),
    ...(intents.length === 0 ? ['No intent is changed here any more.', ''] : []),
    'Merging this runs nothing: each plan comes as a pull request of its own, to be reviewed and merged.',
    '',
    ...commandLines(commands),
  ].join('\n');
}

const OUTCOMES: Readonly<Record<IntentPreview['outcome'], string>> = {
  plan: '✅ can be planned',
  blocked: '❌ blocked by the operating procedures or the policy',
  question: '❓ needs an answer: change the text',
  refused: '❌ refused',
  broken: '❌ cannot be read',
  suspended: '⏸ suspended',
  waiting: '⏳ cannot be planned now',
};

/** The same comment after the merge: where the plans are. */
export function mergedComment(
  shown: readonly ShownIntent[],
  { pullUrl }: Pick<ForgeBoard, 'pullUrl'>,
  commands: readonly ForgeCommandRecord[],
  total = shown.length,
): string {
  return [
    '### What became of these intents',
    '',
    ...shown.flatMap(({ intent, plan }) => {
      const number = plan?.proposal?.number ?? null;
      const where = number === null ? '' : `: [#${number}](${pullUrl(number)})`;
      const state = plan === null ? intent.state : `${intent.state}, ${plan.status.replaceAll('_', ' ')}`;
      return [
        `- **${plain(intent.name)}** ${state}${where}`,
        ...intent.detail.map((line) => `  - ${plain(redact(line))}`),
      ];
    }),
    ...(total > shown.length ? [`- … and ${total - shown.length} more`] : []),
    '',
    ...commandLines(commands),
  ].join('\n');
}
