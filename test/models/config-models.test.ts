import { describe, expect, it } from 'vitest';
import { MODEL_VARIABLES, modelSecrets, readModels } from '../../controller/config-models.js';

function read(env: Readonly<Record<string, string>>) {
  const problems: string[] = [];
  const config = readModels(
    (name) => env[name] ?? MODEL_VARIABLES.find((variable) => variable.name === name)?.fallback ?? '',
    problems,
  );
  return { config, problems };
}

describe('models by configuration', () => {
  it('are none where nothing is set: a key alone sends nothing anywhere', () => {
    const { config, problems } = read({ OPENAI_API_KEY: 'sk-123', GEMINI_API_KEY: 'g-123' });
    expect(config).toMatchObject({ chat: [], embedding: null, chromaUrl: null });
    expect(problems).toEqual([]);
  });

  it('that make vectors on this machine need an address and a key of nobody', () => {
    const { config, problems } = read({ EMBEDDING_PROVIDER: 'local' });
    expect(problems).toEqual([]);
    expect(config.embedding).toEqual({ provider: 'local', model: 'all-MiniLM-L6-v2' });
    expect(modelSecrets(config)).toEqual([]);
  });

  it('are asked in the order of LLM_PROVIDER', () => {
    const { config, problems } = read({
      LLM_PROVIDER: 'ollama, gemini,openai',
      OLLAMA_MODEL: 'qwen3:8b',
      GEMINI_MODEL: 'gemini-x',
      GEMINI_API_KEY: 'g-123456',
      OPENAI_MODEL: 'local',
      OPENAI_BASE_URL: 'http://127.0.0.1:8080/v1',
      LLM_TIMEOUT: '1m',
      LLM_PRICES: 'gemini/gemini-x=0.15/0.60, openai/local=0/0',
    });
    expect(problems).toEqual([]);
    expect(config.chat.map(({ provider, model }) => `${provider}/${model}`)).toEqual([
      'ollama/qwen3:8b',
      'gemini/gemini-x',
      'openai/local',
    ]);
    expect(config.timeoutMs).toBe(60_000);
    expect(config.prices.get('gemini/gemini-x')).toEqual({ input: 0.15, output: 0.6 });
    expect(modelSecrets(config)).toEqual(['g-123456']);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'a provider that is none',
      { LLM_PROVIDER: 'gpt' },
      'LLM_PROVIDER="gpt" is not one of ollama, openai, gemini',
    ],
    ['one named twice', { LLM_PROVIDER: 'ollama,ollama', OLLAMA_MODEL: 'm' }, 'names ollama twice'],
    ['no model', { LLM_PROVIDER: 'ollama' }, 'OLLAMA_MODEL is empty: name the model'],
    ['no key of OpenAI', { LLM_PROVIDER: 'openai', OPENAI_MODEL: 'm' }, 'OPENAI_API_KEY is empty: set it'],
    ['no key of Gemini', { LLM_PROVIDER: 'gemini', GEMINI_MODEL: 'm' }, 'GEMINI_API_KEY is empty'],
    [
      'a key with a line break in it',
      { LLM_PROVIDER: 'openai', OPENAI_MODEL: 'm', OPENAI_API_KEY: 'k\r\nX-Other: 1' },
      'OPENAI_API_KEY holds white space',
    ],
    [
      'a password in an address',
      { LLM_PROVIDER: 'ollama', OLLAMA_MODEL: 'm', OLLAMA_URL: 'http://u:p@h/' },
      'OLLAMA_URL is not an http:// or https:// URL without credentials',
    ],
    [
      'a key in an address',
      { LLM_PROVIDER: 'openai', OPENAI_MODEL: 'm', OPENAI_BASE_URL: 'https://h/v1?key=secret' },
      'OPENAI_BASE_URL is not',
    ],
    ['an address of another kind', { CHROMA_URL: 'file:///etc/passwd' }, 'CHROMA_URL is not'],
    ['a time that is none', { LLM_TIMEOUT: 'soon' }, 'LLM_TIMEOUT is not a duration'],
    ['a time without end', { LLM_TIMEOUT: '5h' }, 'LLM_TIMEOUT is not a duration up to 10m'],
    ['a price in words', { LLM_PRICES: 'openai/m=cheap' }, 'LLM_PRICES: "openai/m=cheap"'],
    ['a price of another model', { LLM_PRICES: 'openai/m=1/2' }, 'which is not configured (no model is)'],
    ['vectors of nobody', { EMBEDDING_PROVIDER: 'gemini' }, 'EMBEDDING_PROVIDER="gemini" is not one of'],
    [
      'vectors of a model that does not come with the program',
      { EMBEDDING_PROVIDER: 'local', EMBEDDING_MODEL: 'nomic' },
      'EMBEDDING_MODEL="nomic" does not come with the program: leave it out',
    ],
    ['vectors of no model', { EMBEDDING_PROVIDER: 'ollama' }, 'EMBEDDING_MODEL is empty'],
    [
      'vectors without a key',
      { EMBEDDING_PROVIDER: 'openai', EMBEDDING_MODEL: 'm' },
      'OPENAI_API_KEY is empty',
    ],
  ])('that have %s are a problem with its fix', (_, env, words) => {
    const { problems } = read(env);
    expect(problems.join('\n')).toContain(words);
    expect(problems.join('\n')).not.toMatch(/secret|u:p|X-Other/);
  });
});
