import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { Guards, RuntimeKind } from '../domain/catalog.js';
import type { IntentDocument, IntentSource } from '../domain/intent.js';
import { intentId, intentRevision } from '../domain/intent.js';
import type { EvidenceByField, Question, Readership, Request } from '../domain/interpretation.js';
import type { DeploymentPlan } from '../domain/plan.js';
import type { Finding } from '../domain/sop.js';
import { howToWaive, howToWaiveEdited, isWaivable } from '../domain/waiver.js';
import type { Clock } from '../ports/clock.js';
import type { Interpreter } from '../ports/interpreter.js';
import { RepositoryUnavailable } from '../ports/repositories.js';
import type { Reader } from '../ports/store.js';
import { type Advice, advise, blocks } from './advise.js';
import type { Waiver } from './advise-needs.js';
import type { Advisor } from './advisor/advisor.js';
import { catalogNames, factsOf } from './advisor/facts.js';
import { withModelFindings } from './advisor/with-findings.js';
import { compose } from './compose.js';
import { goodIn, signatureFor } from './controls/facts.js';
import { applyWaivers } from './controls/waivers.js';
import { type Grounded, type GroundNeeds, ground } from './ground.js';
import { applyPins } from './pins.js';
import type { World } from './world.js';

/** Exactly what planning may use: it can read, it cannot act. */
export interface PlannerNeeds extends GroundNeeds {
  readonly interpreter: Interpreter;
  /** What a model finds in SOPs that code cannot check. */
  readonly advisor: Advisor;
  readonly quarantine: Pick<Reader['quarantine'], 'active'>;
  readonly waivers: Pick<Reader['waivers'], 'of'>;
  readonly scriptNames: () => Promise<readonly string[]>;
  readonly runtimes: readonly RuntimeKind[];
  /** Guards from the configuration, for what neither plan nor catalog say. */
  readonly defaultGuards: Guards;
  readonly clock: Clock;
  /** Does the forge of a followed repository know who approved (GitHub), or only who merged? Absent: nobody knows. */
  readonly forgeKnowsReviews?: (repository: string) => boolean;
}

export interface PlanningInput {
  readonly document: IntentDocument;
  readonly source: IntentSource;
  readonly world: World;
  /** A person's edit of the proposed plan: taken instead of reading the text again. */
  readonly edited: { readonly request: Request; readonly evidence: EvidenceByField } | null;
}

export type PlanningResult =
  | { readonly kind: 'plan'; readonly plan: DeploymentPlan }
  | {
      readonly kind: 'blocked';
      readonly plan: DeploymentPlan;
      /** Those of its findings that stand in its way. */
      readonly blocking: readonly Finding[];
      readonly reasons: readonly string[];
      readonly until: Date | null;
    }
  | { readonly kind: 'question'; readonly questions: readonly Question[] }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'waiting'; readonly reason: string };

const PlanningState = Annotation.Root({
  input: Annotation<PlanningInput>,
  request: Annotation<Request | null>,
  evidence: Annotation<EvidenceByField>,
  readership: Annotation<Readership>,
  grounded: Annotation<Grounded | null>,
  advice: Annotation<Advice | null>,
  consulted: Annotation<readonly string[]>,
  result: Annotation<PlanningResult | null>,
});
type State = typeof PlanningState.State;
type Update = Partial<State>;

/** Intent to plan: interpret -> ground -> advise -> consult -> compose. Each node may end the run with its own result. */
export function createPlanner(needs: PlannerNeeds) {
  const unlessEnded = (next: string) => (state: State) => (state.result === null ? next : END);
  const graph = new StateGraph(PlanningState)
    .addNode('interpret', (state) => interpretNode(needs, state))
    .addNode('ground', (state) => groundNode(needs, state))
    .addNode('advise', (state) => adviseNode(needs, state))
    .addNode('consult', (state) => consultNode(needs, state))
    .addNode('compose', (state) => composeNode(needs, state))
    .addEdge(START, 'interpret')
    .addConditionalEdges('interpret', unlessEnded('ground'), ['ground', END])
    .addConditionalEdges('ground', unlessEnded('advise'), ['advise', END])
    .addEdge('advise', 'consult')
    .addEdge('consult', 'compose')
    .addEdge('compose', END)
    .compile();
  return async (input: PlanningInput): Promise<PlanningResult> => {
    const start = {
      input,
      request: null,
      evidence: {},
      readership: NOBODY,
      grounded: null,
      advice: null,
      consulted: [],
      result: null,
    };
    const { result } = await graph.invoke(start);
    if (result === null) throw new Error('Planning ended without a result');
    return result;
  };
}

/** Who reads an edited plan is its editor. */
const NOBODY: Readership = { readers: [], unused: [], without: [] };

export type Planner = ReturnType<typeof createPlanner>;

/** Interpreting and grounding are bounded: a service repository that hangs must not hold a worker. */
const PLANNING_LIMIT_MS = 120_000;

async function interpretNode(needs: PlannerNeeds, { input }: State): Promise<Update> {
  if (input.edited !== null) return input.edited;
  const { catalog } = input.world;
  const reading = await needs.interpreter.interpret(
    input.document.spec.text,
    catalog,
    AbortSignal.timeout(PLANNING_LIMIT_MS),
  );
  const pinned = applyPins(reading, input.document.spec, catalog);
  if (pinned.outcome === 'clarify') return { result: { kind: 'question', questions: pinned.questions } };
  if (pinned.outcome === 'refuse') return { result: { kind: 'refused', reason: pinned.reason } };
  return {
    request: pinned.request,
    evidence: pinned.evidence,
    readership: pinned.readership ?? NOBODY,
  };
}

async function groundNode(needs: PlannerNeeds, { input, request }: State): Promise<Update> {
  if (request === null) throw new Error('Nothing to ground');
  try {
    const grounding = await ground(
      needs,
      request,
      input.world.catalog,
      AbortSignal.timeout(PLANNING_LIMIT_MS),
    );
    return grounding.ok
      ? { grounded: grounding.grounded }
      : { result: { kind: 'question', questions: grounding.questions } };
  } catch (error) {
    if (error instanceof RepositoryUnavailable) return { result: { kind: 'waiting', reason: error.message } };
    throw error;
  }
}

async function adviseNode(needs: PlannerNeeds, { input, grounded }: State): Promise<Update> {
  if (grounded === null) throw new Error('Nothing to advise on');
  const advice = advise(
    {
      now: needs.clock.now(),
      catalog: input.world.catalog,
      sops: input.world.sops,
      sopProblems: input.world.sopProblems,
      quarantine: await needs.quarantine.active(grounded.service.name),
      goodIn: await goodIn(needs, grounded, input.world.catalog, needs.clock.now()),
      signature: await signatureFor(needs, grounded, input.world.sops),
      forgeKnowsReviews: needs.forgeKnowsReviews?.(input.source.repository) ?? null,
      defaults: needs.defaultGuards,
      scripts: await needs.scriptNames(),
      runtimes: needs.runtimes,
      waivers: await waiversFor(needs, input),
    },
    grounded,
  );
  return { advice };
}

/** A model's verdicts are added to those of code; they can hold the plan up, and a person can waive them. */
async function consultNode(needs: PlannerNeeds, { input, grounded, advice }: State): Promise<Update> {
  if (grounded === null || advice === null) throw new Error('Nothing to consult about');
  const { catalog, sops } = input.world;
  const { findings, without } = await needs.advisor(
    {
      repository: input.source.repository,
      facts: factsOf(grounded, advice.guards),
      names: catalogNames(catalog),
      sops,
    },
    AbortSignal.timeout(PLANNING_LIMIT_MS),
  );
  const waived = applyWaivers(findings, await waiversFor(needs, input));
  return { advice: withModelFindings(advice, waived, catalog.policy.blockAt), consulted: without };
}

/**
 * An intent that says something else, and a file elsewhere, are other intents: what was waived for one counts for it alone. A person's
 * edit of the plan is nothing that anybody waived something for.
 */
async function waiversFor(
  { waivers }: PlannerNeeds,
  { document, source, edited }: PlanningInput,
): Promise<readonly Waiver[]> {
  if (edited !== null) return [];
  const records = await waivers.of(intentId(source.repository, source.path), intentRevision(document));
  return records.map(({ source: sop, quote, person, reason }) => ({
    source: sop,
    quote,
    by: person,
    reason,
  }));
}

function composeNode(
  needs: PlannerNeeds,
  { input, grounded, advice, consulted, evidence, readership }: State,
): Update {
  if (grounded === null || advice === null) throw new Error('Nothing to compose');
  const { document, source, world } = input;
  const intent = {
    name: document.name,
    text: document.spec.text,
    revision: intentRevision(document),
    source,
  };
  const plan = compose({
    intent,
    grounded,
    evidence,
    reading: { readers: readership.readers, unused: readership.unused },
    madeWithout: [...readership.without, ...consulted],
    advice,
    catalog: world.catalog,
    sops: world.sops,
    now: needs.clock.now(),
  });
  if (!advice.blocked) return { result: { kind: 'plan', plan } };
  const blocking = plan.findings.filter((finding) => blocks(finding, world.catalog.policy.blockAt));
  const reasons = blocking.map(
    (finding) => `${finding.source}: ${finding.message}. ${finding.fix}. "${finding.quote}"`,
  );
  const sops = new Set(blocking.filter(isWaivable).map(({ source: sop }) => sop));
  const ways = [...sops].map((sop) =>
    input.edited === null ? howToWaive(document.name, sop) : howToWaiveEdited(document.name, sop),
  );
  return {
    result: { kind: 'blocked', plan, blocking, reasons: [...reasons, ...ways], until: advice.blockedUntil },
  };
}
