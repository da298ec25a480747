import { summaryRequest } from '../../controller/approval/incident-evidence.js';
import type { IncidentRecord } from '../../controller/domain/records.js';
import { compileRequest } from '../../controller/planning/advisor/compile-prompt.js';
import { factsOf } from '../../controller/planning/advisor/facts.js';
import { adviceRequest } from '../../controller/planning/advisor/prompt.js';
import { requestFor } from '../../controller/planning/reading/prompt.js';
import type { ModelRequest } from '../../controller/ports/model.js';
import { passageOf, sopOf } from '../advisor/support.js';
import { catalogOf, grounded } from '../planning/sample.js';
import { incident, NOON } from '../postgres/samples.js';

const SOP = sopOf('Production must have run in staging first.');

/** Every question that the product asks of a model, as it asks it. */
export function productQuestions(): readonly ModelRequest[] {
  const catalog = catalogOf();
  const record: IncidentRecord = {
    ...incident('r1'),
    id: 1,
    openedAt: NOON,
    closedAt: null,
    writtenCommit: null,
    branch: null,
    summary: null,
  };
  return [
    requestFor('Deploy checkout v1.2.3 to staging', catalog),
    adviceRequest(factsOf(grounded(), new Map()), [{ passage: passageOf(SOP), sop: SOP }], ['checkout']),
    compileRequest('Production deployments must have run in staging for 24 hours.', catalog),
    summaryRequest({ incident: record, before: null, changes: null, steps: [] }),
  ];
}
