import { EVIDENCE_FIELDS, type Interpretation, type RequestedGuards } from '../domain/interpretation.js';
import { safe } from './table.js';

const NO_GUARDS: RequestedGuards = { errorRate: null, latencyP95Ms: null, watchMinutes: null };

/** One line of `commander interpret --jsonl`, without the line end: every field is there whatever the outcome. */
export function interpretationLine(id: string | number, interpretation: Interpretation): string {
  const request = interpretation.outcome === 'plan' ? interpretation.request : null;
  return JSON.stringify({
    id,
    outcome: interpretation.outcome,
    action: request?.action ?? null,
    service: request?.service ?? null,
    version: request?.version ?? null,
    environments: request?.environments ?? [],
    postSteps: request?.postSteps ?? [],
    guards: request?.guards ?? NO_GUARDS,
    evidence: interpretation.evidence,
    questions: interpretation.outcome === 'clarify' ? interpretation.questions : [],
    reason: interpretation.outcome === 'refuse' ? interpretation.reason : null,
  });
}

/** The same for people: what was understood and from which words, what is to be answered, or why not. */
export function describeInterpretation(interpretation: Interpretation): string {
  if (interpretation.outcome === 'refuse') return `Refused. ${safe(interpretation.reason)}`;
  if (interpretation.outcome === 'clarify') {
    const questions = interpretation.questions.map(({ question }) => `  ${safe(question)}`);
    return ['A question first:', ...questions].join('\n');
  }
  const { request, evidence } = interpretation;
  const { guards } = request;
  const values: Readonly<Record<string, string | null>> = {
    action: request.action,
    service: request.service,
    version: request.version,
    environments: request.environments.join(', then ') || null,
    postSteps: request.postSteps.join(', ') || null,
    errorRate: guards.errorRate === null ? null : `${Number((guards.errorRate * 100).toPrecision(12))} %`,
    latencyP95Ms: guards.latencyP95Ms === null ? null : `${guards.latencyP95Ms} ms`,
    watchMinutes: guards.watchMinutes === null ? null : `${guards.watchMinutes} min`,
  };
  return EVIDENCE_FIELDS.filter((field) => values[field] !== null)
    .map((field) => {
      const spans = (evidence[field] ?? []).map((span) => `"${span.text}"`).join(', ');
      return safe(`${field.padEnd(14)}${(values[field] ?? '').padEnd(24)} ${spans}`).trimEnd();
    })
    .join('\n');
}
