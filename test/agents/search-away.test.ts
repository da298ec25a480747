import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../end-to-end/harness.js';
import { type ChromaServer, chromaMissing, startChroma } from '../knowledge/chroma-support.js';
import { hashedVector } from '../knowledge/hashed-embedder.js';
import {
  faults,
  type ScriptedModel,
  type ScriptedRequest,
  startScriptedModel,
} from '../models/scripted/server.js';

/** Shares no word with the plans, but groups of letters: it is found by meaning alone, so that each plan shows whether that was searched. */
const SOP = '# Redeployments\n\nUndeployed deployables are announced.\n';

let embeddings: 'given' | 'hanging' = 'given';
let chroma: ChromaServer;
let model: ScriptedModel;
let site: Site;

/** Has nothing to say on any passage, and cannot read any text. */
function answer({ schema }: ScriptedRequest): unknown {
  return Object.hasOwn((schema?.properties ?? {}) as object, 'verdicts') ? { verdicts: [] } : faults.notJson;
}

async function planned(name: string): Promise<string> {
  await site.proposed(name);
  return (await site.intent(name))?.body ?? '';
}

/** Of a further service each time, until a plan is made with nothing missing of that kind. */
async function plannedWithout(kind: RegExp, services: readonly string[]): Promise<string> {
  for (const service of services) {
    await site.ask(`${service}-again`, `Deploy ${service} v1.1.0 to staging.`);
    const body = await planned(`${service}-again`);
    if (!kind.test(body)) return service;
    await new Promise((done) => setTimeout(done, 3_000));
  }
  throw new Error(`${kind} is missing in each plan of ${services.join(', ')}`);
}

const missing = chromaMissing();
describe.skipIf(missing !== null)(
  `A controller whose search engine is Chroma${missing === null ? '' : ` (skipped: ${missing})`}`,
  () => {
    const names = Array.from({ length: 14 }, (_, at) => `service-${String.fromCharCode(97 + at)}`);
    beforeAll(async () => {
      chroma = await startChroma();
      model = await startScriptedModel({
        protocol: 'openai',
        answer,
        embed: (texts) =>
          embeddings === 'hanging' ? faults.hang : texts.map((text) => [...hashedVector(text)]),
      });
      site = await openSite({
        services: names.map((name) => ({ name })),
        sops: { 'announce.md': SOP },
        env: {
          LLM_PROVIDER: 'openai',
          OPENAI_BASE_URL: model.url,
          OPENAI_MODEL: 'scripted',
          LLM_TIMEOUT: '2s',
          EMBEDDING_PROVIDER: 'openai',
          EMBEDDING_MODEL: 'hashed',
          CHROMA_URL: chroma.url,
        },
      });
    });
    afterAll(async () => {
      await site.close();
      await model.close();
      await chroma.close();
    });

    it('plans, with what Chroma found shown to the model', async () => {
      await site.ask('first', `Deploy ${names[0]} v1.0.0 to staging.`);
      expect(await planned('first')).not.toMatch(/chroma|embeddings/i);
      expect(JSON.stringify(model.requests)).toContain('Undeployed deployables');
    });

    it('goes on when Chroma is killed: plans say so, and run when they are merged', async () => {
      await chroma.kill();
      await site.ask('killed', `Deploy ${names[1]} v1.0.0 to staging.`);
      expect(await planned('killed')).toMatch(/Made without[\s\S]*chroma/i);
      await site.people.merge((await site.proposed('killed')).branch);
      expect((await site.ended('killed')).status).toBe('succeeded');
    });

    it('uses Chroma again when it is back, with nothing of what it held', async () => {
      await chroma.start(true);
      await plannedWithout(/chroma/i, names.slice(2, 8));
    });

    it('goes on when the embeddings hang, and uses them again when they answer', async () => {
      embeddings = 'hanging';
      await site.ask('hanging', `Deploy ${names[8]} v1.0.0 to staging.`);
      expect(await planned('hanging')).toMatch(/Made without[\s\S]*embeddings/i);
      await site.people.merge((await site.proposed('hanging')).branch);
      expect((await site.ended('hanging')).status).toBe('succeeded');
      embeddings = 'given';
      await plannedWithout(/embeddings/i, names.slice(9));
    });
  },
);
