import type { Variable } from './config-variables.js';

/** Variables that have to do with language models and vectors. */
export const MODEL_VARIABLES = [
  {
    name: 'LLM_PROVIDER',
    fallback: '',
    about:
      'Language models that read intents beside the grammar: ollama, openai, gemini, several separated by commas (the next one is asked when one is down). Empty: none. See docs/models.md.',
  },
  { name: 'OLLAMA_URL', fallback: 'http://127.0.0.1:11434', about: 'Where Ollama answers.' },
  { name: 'OLLAMA_MODEL', fallback: '', about: 'Its model, for example qwen3:8b.' },
  {
    name: 'OPENAI_BASE_URL',
    fallback: 'https://api.openai.com/v1',
    about:
      'OpenAI, or whatever speaks its API: vLLM, llama.cpp, LM Studio, Azure (https://<resource>.openai.azure.com/openai/v1/).',
  },
  { name: 'OPENAI_API_KEY', fallback: '', about: 'Its key. Servers of your own may need none.' },
  { name: 'OPENAI_MODEL', fallback: '', about: 'Its model.' },
  { name: 'GEMINI_API_KEY', fallback: '', about: 'Key of the Gemini API.' },
  { name: 'GEMINI_MODEL', fallback: '', about: 'Its model.' },
  {
    name: 'GEMINI_BASE_URL',
    fallback: 'https://generativelanguage.googleapis.com/v1beta/openai/',
    about: 'Its OpenAI-compatible endpoint.',
  },
  { name: 'LLM_TIMEOUT', fallback: '30s', about: 'How long one model may take for one answer.' },
  {
    name: 'LLM_PRICES',
    fallback: '',
    about:
      'US dollars for a million tokens read and written, for the metrics: openai/gpt-x=0.15/0.60, several separated by commas.',
  },
  {
    name: 'EMBEDDING_PROVIDER',
    fallback: '',
    about:
      'Who makes vectors of SOPs, so that they are found by meaning too: local (a small model that comes with the program; nothing leaves the machine), ollama or openai. Empty: by words, and by vectors of words.',
  },
  {
    name: 'EMBEDDING_MODEL',
    fallback: '',
    about: 'Its model, for example nomic-embed-text. Nothing for local.',
  },
  {
    name: 'CHROMA_URL',
    fallback: '',
    about: 'A Chroma server that keeps the vectors. Empty: PostgreSQL does (pgvector where it has it).',
  },
] as const satisfies readonly Variable[];

export type ModelVariable = (typeof MODEL_VARIABLES)[number]['name'];
