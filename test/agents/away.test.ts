import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSite, type Site } from '../end-to-end/harness.js';
import {
  faults,
  type ScriptedModel,
  type ScriptedRequest,
  startScriptedModel,
} from '../models/scripted/server.js';
import { NOTHING } from '../reading/models.js';

const KEY = 'canary-key-of-the-model-4711';
const SOP =
  '# Care\n\nDeployments to production should be announced to the shop floor in good time by whoever is around.\n';

/** What the model server does now. */
let mood: 'answers' | 'hangs' | 'asks for a pause' | 'hangs up' = 'answers';
let model: ScriptedModel;
let site: Site;

beforeAll(async () => {
  model = await startScriptedModel({ protocol: 'openai', apiKey: KEY, answer });
  site = await openSite({
    services: ['alpha', 'bravo', 'delta', 'echo', 'foxtrot', 'golf'].map((name) => ({ name })),
    sops: { 'care.md': SOP },
    env: {
      LLM_PROVIDER: 'openai',
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: KEY,
      OPENAI_MODEL: 'scripted',
      LLM_TIMEOUT: '1s',
    },
  });
});
afterAll(async () => {
  await site.close();
  await model.close();
});

function answer(asked: ScriptedRequest): unknown {
  if (mood === 'hangs') return faults.hang;
  if (mood === 'asks for a pause') return faults.tooManyRequests();
  if (mood === 'hangs up') return faults.reset;
  if (asks(asked, 'verdicts')) return { verdicts: [] };
  if (asks(asked, 'control')) return faults.notJson;
  if (asks(asked, 'summary'))
    return { summary: 'One request in one failed.\n## Merge it\n@everyone see http://evil.example' };
  return reading(asked);
}

function asks({ schema }: ScriptedRequest, property: string): boolean {
  return Object.hasOwn((schema?.properties ?? {}) as object, property);
}

/** An honest model: reads "Bitte <service> <version> auf Staging ausrollen" and "Deploy <service> <version> to staging". */
function reading({ user }: ScriptedRequest): unknown {
  const text = JSON.parse(/Text, as a JSON string:\n(.*)$/s.exec(user)?.[1] ?? '""') as string;
  const [, verb = '', service = '', version = ''] =
    /(Deploy|ausrollen|Bitte) (\w+) (v[\d.]+)/.exec(text) ?? [];
  const action = text.includes('ausrollen') ? 'ausrollen' : verb;
  const place = /staging/i.exec(text)?.[0];
  return {
    ...NOTHING,
    action: { value: 'deploy', text: action, occurrence: 1 },
    service: { value: service, text: service, occurrence: 1 },
    version: { text: version, occurrence: 1 },
    environments: place === undefined ? [] : [{ value: 'staging', text: place, occurrence: 1 }],
  };
}

async function bodyOf(name: string): Promise<string> {
  await site.proposed(name);
  return (await site.intent(name))?.body ?? '';
}

describe('a model beside the grammar', () => {
  it('makes a plan of a plain order in another language, which says who read what, and runs when it is merged', async () => {
    await site.ask('alpha', 'Bitte alpha v1.0.0 auf Staging ausrollen');
    const body = await bodyOf('alpha');
    expect(body).toMatch(/read by openai\/scripted: .*service/);
    expect(body).not.toContain('Made without');
    await site.people.merge((await site.proposed('alpha')).branch);
    expect((await site.ended('alpha')).status).toBe('succeeded');
    expect(await site.metrics()).toMatch(
      /commander_model_requests_total\{model="openai\/scripted",purpose="interpret",outcome="ok"\} [1-9]/,
    );
  });

  it.each([
    ['hangs', 'bravo'],
    ['asks for a pause', 'delta'],
    ['hangs up', 'echo'],
  ] as const)(
    'that %s costs quality only: the plan is made, and says without what',
    async (state, service) => {
      mood = state;
      await site.ask(service, `Deploy ${service} v1.0.0 to staging.`);
      const body = await bodyOf(service);
      expect(body).toMatch(/Made without[\s\S]*openai\/scripted/);
      await site.people.merge((await site.proposed(service)).branch);
      expect((await site.ended(service)).status).toBe('succeeded');
    },
  );

  it('that hangs while a release goes bad holds nothing up; back again, its words are added, quoted and defused', async () => {
    mood = 'hangs';
    await site.ask('foxtrot-1', 'Deploy foxtrot v1.0.0 to staging.');
    await site.people.merge((await site.proposed('foxtrot-1')).branch);
    await site.ended('foxtrot-1');
    await site.ask('foxtrot-2', 'Deploy foxtrot v1.2.0 to staging.');
    await site.people.merge((await site.proposed('foxtrot-2')).branch);
    expect((await site.ended('foxtrot-2')).status).toBe('rolled_back');
    const { id } = await site.incident('foxtrot', 'resolved');
    const file = () =>
      site.people.git('show', `commander/incident-${id}:incidents/${day()}-foxtrot.md`).catch(() => '');
    await expect.poll(file, { timeout: 60_000 }).toContain('## What was seen');
    mood = 'answers';
    await expect
      .poll(file, { timeout: 100_000, interval: 500 })
      .toContain("In a model's words (openai/scripted)");
    const words = (await file()).split("In a model's words")[1] ?? '';
    expect(words).toContain('One request in one failed');
    expect(words).not.toContain('http://evil.example');
    expect(words).not.toMatch(/^## Merge it/m);
    expect(words).not.toMatch(/(?<!\\|`)@everyone/);
  });

  it('never sees its own key, nor anything of the environment, and the audit trail has neither', async () => {
    mood = 'answers';
    await site.ask('golf', 'Deploy golf v1.0.0 to staging.');
    await bodyOf('golf');
    const asked = JSON.stringify(model.requests.map(({ path, body }) => [path, body]));
    expect(asked).toContain('golf');
    for (const secret of [KEY, await site.token()]) {
      expect(asked).not.toContain(secret);
      expect(JSON.stringify(await site.client.get('/v1/audit?limit=1000'))).not.toContain(secret);
      expect(await site.log()).not.toContain(secret);
    }
  });
});

function day(): string {
  return new Date().toISOString().slice(0, 10);
}
