import { isDeepStrictEqual } from 'node:util';
import { EVIDENCE_FIELDS, type EvidenceField, type Interpretation } from '../domain/interpretation.js';
import type { ExpectedReading, Outcome } from './items.js';

/** A plan with one of these other than labelled would do something that nobody asked for. */
const IDENTITIES: readonly EvidenceField[] = ['action', 'service', 'version', 'environments'];

/** One reading held against its label. */
export interface Judgement {
  readonly expected: Outcome;
  /** `error`: the interpreter threw. */
  readonly got: Outcome | 'error';
  /** Of the fields that the label names; empty unless a plan is expected. */
  readonly fields: Readonly<Partial<Record<EvidenceField, boolean>>>;
  /** Outcome and all labelled fields. */
  readonly exact: boolean;
  /** Accepted as a plan, where the label is none, or has another action, service, version or environments. */
  readonly wronglyAccepted: boolean;
}

/** `null`: the interpreter threw. */
export function judge(expected: ExpectedReading, got: Interpretation | null): Judgement {
  const outcome = got?.outcome ?? 'error';
  const fields = expected.outcome === 'plan' ? judgeFields(expected, got) : {};
  const wrong = EVIDENCE_FIELDS.filter((field) => fields[field] === false);
  const wronglyAccepted =
    outcome === 'plan' && (expected.outcome !== 'plan' || wrong.some((field) => IDENTITIES.includes(field)));
  const exact = outcome === expected.outcome && wrong.length === 0;
  return { expected: expected.outcome, got: outcome, fields, exact, wronglyAccepted };
}

function judgeFields(expected: ExpectedReading, got: Interpretation | null): Judgement['fields'] {
  const wanted = flat(expected);
  const read = got?.outcome === 'plan' ? flat(got.request) : null;
  const judged = EVIDENCE_FIELDS.filter((field) => wanted[field] !== undefined).map((field) => [
    field,
    read !== null && isDeepStrictEqual(read[field], wanted[field]),
  ]);
  return Object.fromEntries(judged) as Judgement['fields'];
}

function flat(reading: Omit<ExpectedReading, 'outcome'>): Readonly<Partial<Record<EvidenceField, unknown>>> {
  const { action, service, version, environments, postSteps, guards } = reading;
  return { action, service, version, environments, postSteps, ...guards };
}
