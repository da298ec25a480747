import { MODEL_VARIABLES, type ModelVariable } from './config-model-variables.js';
import { parseDuration } from './domain/duration.js';

export { MODEL_VARIABLES };

/** The sentence model that comes with the program. */
export const LOCAL_MODEL = 'all-MiniLM-L6-v2';

export interface ChatModelConfig {
  readonly provider: 'ollama' | 'openai' | 'gemini';
  readonly url: string;
  readonly model: string;
  readonly apiKey: string | null;
}

/** The model that comes with the program needs no address and no key. */
export type EmbeddingConfig = ChatModelConfig | { readonly provider: 'local'; readonly model: string };

export interface ModelsConfig {
  readonly chat: readonly ChatModelConfig[];
  readonly embedding: EmbeddingConfig | null;
  readonly timeoutMs: number;
  /** US dollars for a million tokens, by `<provider>/<model>`. */
  readonly prices: ReadonlyMap<string, { readonly input: number; readonly output: number }>;
  readonly chromaUrl: string | null;
}

type Text = (name: ModelVariable) => string;

/** What is wrong goes to `problems`. Nothing configured: no model, no embeddings. */
export function readModels(text: Text, problems: string[]): ModelsConfig {
  const seconds = parseDuration(text('LLM_TIMEOUT'));
  if (seconds === null || seconds <= 0 || seconds > 600)
    problems.push('LLM_TIMEOUT is not a duration up to 10m, such as 30s');
  const providers = listOf(text('LLM_PROVIDER'));
  const twice = providers.find((provider, index) => providers.indexOf(provider) !== index);
  if (twice !== undefined) problems.push(`LLM_PROVIDER names ${twice} twice: once is enough`);
  const models = {
    chat: providers.flatMap((provider) => chatModel(provider, text, problems)),
    prices: readPrices(text('LLM_PRICES'), problems),
  };
  checkPrices(models, problems);
  const embedding = text('EMBEDDING_PROVIDER');
  const chroma = text('CHROMA_URL') || null;
  if (chroma !== null) checkUrl('CHROMA_URL', chroma, problems);
  return {
    ...models,
    embedding: embedding === '' ? null : embeddingModel(embedding, text, problems),
    timeoutMs: Math.round((seconds ?? 0) * 1000),
    chromaUrl: chroma,
  };
}

/** Values that must never be shown. */
export function modelSecrets({ chat, embedding }: ModelsConfig): readonly string[] {
  const remote = embedding === null || embedding.provider === 'local' ? [] : [embedding];
  return [...chat, ...remote].flatMap(({ apiKey }) => apiKey ?? []);
}

function chatModel(provider: string, text: Text, problems: string[]): readonly ChatModelConfig[] {
  switch (provider) {
    case 'ollama':
      return [modelOf(provider, 'OLLAMA', text('OLLAMA_URL'), 'OLLAMA_URL', null, text, problems)];
    case 'openai':
      return [
        modelOf(
          provider,
          'OPENAI',
          text('OPENAI_BASE_URL'),
          'OPENAI_BASE_URL',
          keyOf('OPENAI_API_KEY', text, problems),
          text,
          problems,
        ),
      ];
    case 'gemini':
      return [
        modelOf(
          provider,
          'GEMINI',
          text('GEMINI_BASE_URL'),
          'GEMINI_BASE_URL',
          keyOf('GEMINI_API_KEY', text, problems),
          text,
          problems,
        ),
      ];
    default:
      problems.push(`LLM_PROVIDER="${provider}" is not one of ollama, openai, gemini`);
      return [];
  }
}

function modelOf(
  provider: ChatModelConfig['provider'],
  prefix: 'OLLAMA' | 'OPENAI' | 'GEMINI',
  url: string,
  urlName: string,
  apiKey: string | null,
  text: Text,
  problems: string[],
): ChatModelConfig {
  const model = text(`${prefix}_MODEL`);
  if (model === '')
    problems.push(`${prefix}_MODEL is empty: name the model that ${provider} is to answer with`);
  checkUrl(urlName, url, problems);
  if (provider === 'gemini' && apiKey === null) problems.push('GEMINI_API_KEY is empty');
  if (provider === 'openai') checkOpenAiKey(url, apiKey, problems);
  return { provider, url, model, apiKey };
}

function embeddingModel(provider: string, text: Text, problems: string[]): EmbeddingConfig | null {
  const model = text('EMBEDDING_MODEL');
  if (provider === 'local') return localModel(model, problems);
  if (provider !== 'ollama' && provider !== 'openai') {
    problems.push(`EMBEDDING_PROVIDER="${provider}" is not one of local, ollama, openai`);
    return null;
  }
  if (model === '') problems.push('EMBEDDING_MODEL is empty: name the model that makes the vectors');
  const [name, url] =
    provider === 'ollama'
      ? (['OLLAMA_URL', text('OLLAMA_URL')] as const)
      : (['OPENAI_BASE_URL', text('OPENAI_BASE_URL')] as const);
  checkUrl(name, url, problems);
  const apiKey = provider === 'ollama' ? null : keyOf('OPENAI_API_KEY', text, problems);
  if (provider === 'openai') checkOpenAiKey(url, apiKey, problems);
  return { provider, url, model, apiKey };
}

function localModel(model: string, problems: string[]): EmbeddingConfig {
  if (model !== '' && model !== LOCAL_MODEL)
    problems.push(
      `EMBEDDING_MODEL="${model}" does not come with the program: leave it out, or set EMBEDDING_PROVIDER to ollama or openai`,
    );
  return { provider: 'local', model: LOCAL_MODEL };
}

function checkOpenAiKey(url: string, apiKey: string | null, problems: string[]): void {
  const problem = 'OPENAI_API_KEY is empty: set it, or OPENAI_BASE_URL to a server of your own';
  const isTheirs = /^https:\/\/api\.openai\.com\b/.test(url);
  if (isTheirs && apiKey === null && !problems.includes(problem)) problems.push(problem);
}

/** A key goes into a header: nothing else than visible ASCII can. */
function keyOf(name: 'OPENAI_API_KEY' | 'GEMINI_API_KEY', text: Text, problems: string[]): string | null {
  const key = text(name);
  if (key === '') return null;
  if (!/^[\x21-\x7e]{1,4096}$/.test(key))
    problems.push(`${name} holds white space or what cannot be sent in a header`);
  return key;
}

function checkUrl(name: string, url: string, problems: string[]): void {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const good =
    parsed !== null &&
    /^https?:$/.test(parsed.protocol) &&
    [parsed.username, parsed.password, parsed.search, parsed.hash].every((part) => part === '');
  if (!good)
    problems.push(`${name} is not an http:// or https:// URL without credentials and without ? or # in it`);
}

function readPrices(text: string, problems: string[]): ModelsConfig['prices'] {
  const prices = new Map<string, { input: number; output: number }>();
  for (const item of listOf(text)) {
    const match = /^([^=]+)=(\d+(?:\.\d+)?)\/(\d+(?:\.\d+)?)$/.exec(item);
    if (match === null) problems.push(`LLM_PRICES: "${item}" is not <provider>/<model>=<in>/<out>`);
    else prices.set(match[1] ?? '', { input: Number(match[2]), output: Number(match[3]) });
  }
  return prices;
}

/** A price of no model would count as no cost. */
function checkPrices({ chat, prices }: Pick<ModelsConfig, 'chat' | 'prices'>, problems: string[]): void {
  const names = chat.map(({ provider, model }) => `${provider}/${model}`);
  for (const name of prices.keys())
    if (!names.includes(name))
      problems.push(
        `LLM_PRICES has a price of ${name}, which is not configured (${names.join(', ') || 'no model is'})`,
      );
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
