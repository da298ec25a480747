import { formatDuration } from '../domain/duration.js';
import { describeGuards } from '../domain/guards.js';
import type { Evidence } from '../domain/interpretation.js';
import { plain } from '../domain/markdown.js';
import type { DeploymentPlan, PlannedEnvironment, PlannedStep } from '../domain/plan.js';
import type { Finding } from '../domain/sop.js';

/** First line of a proposal: what will happen, in one breath. */
export function planTitle(plan: DeploymentPlan): string {
  const where = plan.environments.map((item) => item.environment).join(', then ');
  const verb = { deploy: 'Deploy', rollback: 'Roll back', test: 'Test', build: 'Build' }[plan.action];
  const to = plan.action === 'rollback' ? ' to' : '';
  return plan.action === 'build'
    ? `Build ${plan.service.name} ${plan.version.ref}`
    : `${verb} ${plan.service.name}${to} ${plan.version.ref}: ${where}`;
}

/** What a proposal says below its title. */
export function planText(plan: DeploymentPlan): string {
  return planBody(plan).split('\n').slice(1).join('\n').trimStart();
}

/** The proposal for people, its title and then Markdown: what happens in which order, what it replaces, where each field came from, how to undo it. */
export function planBody(plan: DeploymentPlan): string {
  return [
    planTitle(plan),
    '',
    `Intent \`${plan.intent.name}\` (${code(plan.intent.source.path)} at ${plan.intent.source.commit.slice(0, 12)}):`,
    '',
    ...plan.intent.text
      .trim()
      .split('\n')
      .map((line) => `> ${plain(line)}`),
    '',
    '## What will happen',
    '',
    `${plan.service.name} ${code(plan.version.ref)} is commit ${code(plan.version.commit)}.`,
    '',
    ...plan.environments.flatMap(environmentLines),
    '',
    '## Where each field came from',
    '',
    ...evidenceLines(plan),
    ...readingLines(plan),
    '',
    '## What the operating procedures say',
    '',
    ...findingLines(plan),
    ...approvalLines(plan),
    ...withoutLines(plan),
    '',
    '## How to undo it',
    '',
    ...undoLines(plan),
    '',
    `Merging this is the approval of exactly this plan. It expires ${plan.expiresAt}. Digest: ${code(plan.digest)}`,
    '',
  ].join('\n');
}

function environmentLines(item: PlannedEnvironment, index: number): readonly string[] {
  const replaces =
    item.replaces === null
      ? 'nothing runs there now'
      : `replaces ${code(item.replaces.version)} (${item.replaces.commit.slice(0, 12)})`;
  const target = item.target === null ? '' : `, goes to the recorded release ${code(item.target.release)}`;
  const guards = describeGuards(item.guards);
  return [
    `${index + 1}. **${item.environment}** (${item.runtime}, port ${item.port}): ${replaces}${target}`,
    ...item.steps.map((step) => `   - ${describeStep(step, item)}`),
    ...(guards === '' ? [] : [`   - guards: ${guards}`]),
  ];
}

export function describeStep(step: PlannedStep, item: PlannedEnvironment): string {
  switch (step.kind) {
    case 'checkout':
      return 'check out the exact commit';
    case 'build':
      return `build it for the ${item.runtime} runtime`;
    case 'start':
      return item.target === null
        ? 'start the candidate beside the old release'
        : 'bring up the recorded release';
    case 'health':
      return 'wait until it is healthy';
    case 'script':
      return `${step.name}: run ${code([step.script.script, ...step.script.args].join(' '))} (at most ${formatDuration(step.script.timeoutSeconds)})`;
    case 'switch':
      return `switch port ${item.port} over to it`;
    case 'watch':
      return `watch it for ${formatDuration(item.guards.watchSeconds ?? 0)}; go back by itself when it breaks a guard`;
    case 'stop':
      return 'stop the candidate';
  }
}

function evidenceLines(plan: DeploymentPlan): readonly string[] {
  const rows = Object.entries(plan.evidence).flatMap(([field, spans]) =>
    (spans ?? []).map(
      (span: Evidence) => `- ${field}: "${plain(span.text)}" (characters ${span.start} to ${span.end})`,
    ),
  );
  const version =
    plan.version.asked === null ? [`- version: not in the text, so ${code(plan.version.ref)}`] : [];
  return rows.length + version.length === 0 ? ['- the pinned fields of the intent'] : [...rows, ...version];
}

/** Who read the text, where that is not the grammar alone; and what nobody used of it. */
function readingLines({ reading }: DeploymentPlan): readonly string[] {
  const readers = reading.readers.map(
    ({ name, fields }) => `- read by ${plain(name)}: ${fields.length === 0 ? 'agrees' : fields.join(', ')}`,
  );
  const unused = reading.unused.map(({ text }) => `"${plain(text)}"`);
  return [
    ...(reading.readers.some(({ name }) => name !== 'grammar') ? readers : []),
    ...(unused.length === 0 ? [] : [`- used for nothing: ${unused.join(', ')}`]),
  ];
}

function approvalLines({ approval: { approvals, approvers } }: DeploymentPlan): readonly string[] {
  const people = approvals === 0 ? [] : [`at least ${approvals} people`];
  const named = approvers.map((names) => `one of ${names.map(plain).join(', ')}`);
  const all = [...people, ...named];
  return all.length === 0 ? [] : ['', `By these, ${all.join(' and ')} must approve it.`];
}

function withoutLines({ madeWithout }: DeploymentPlan): readonly string[] {
  if (madeWithout.length === 0) return [];
  return ['', '**Made without:**', '', ...madeWithout.map((what) => `- ${plain(what)}`)];
}

function findingLines(plan: DeploymentPlan): readonly string[] {
  if (plan.findings.length === 0) return ['No SOP has anything to say about it.'];
  return plan.findings.map((finding) => {
    const where = finding.environment === null ? '' : ` (${finding.environment})`;
    const fix = finding.fix === '' || finding.waiver !== null ? '' : ` Fix: ${finding.fix}.`;
    return `- ${finding.verdict}, ${finding.severity}: ${plain(finding.message)}${where}. ${finding.source}: "${plain(finding.quote)}".${waivedBy(finding)}${fix}`;
  });
}

function waivedBy({ waiver }: Finding): string {
  return waiver === null ? '' : ` **Waived by ${plain(waiver.by)}: ${plain(waiver.reason)}**`;
}

function undoLines(plan: DeploymentPlan): readonly string[] {
  if (plan.action === 'test' || plan.action === 'build') return ['Nothing that users reach changes.'];
  return plan.environments.map((item) => {
    const back =
      item.replaces === null
        ? 'there is no earlier release to go back to'
        : `goes back to ${code(item.replaces.version)}`;
    return `- ${item.environment}: by itself when a guard breaks, or \`commander rollback ${plan.service.name} ${item.environment}\`; ${back}`;
  });
}

function code(text: string): string {
  return `\`${text.replace(/[`\p{Cc}\p{Cf}]/gu, '')}\``;
}
