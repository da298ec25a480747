import { Counter, Histogram, type Registry } from 'prom-client';
import type { ModelTelemetry } from '../../ports/telemetry.js';

const SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

/** Requests, tokens, cost and time of language models. */
export function modelMetrics(registry: Registry): ModelTelemetry {
  const registers = [registry];
  const requests = new Counter({
    name: 'commander_model_requests_total',
    help: 'Questions to language models, by what came of them',
    labelNames: ['model', 'purpose', 'outcome'],
    registers,
  });
  const tokens = new Counter({
    name: 'commander_model_tokens_total',
    help: 'Tokens that models read (input) and wrote (output)',
    labelNames: ['model', 'purpose', 'direction'],
    registers,
  });
  const cost = new Counter({
    name: 'commander_model_cost_usd_total',
    help: 'What they cost by LLM_PRICES, in US dollars',
    labelNames: ['model', 'purpose'],
    registers,
  });
  const duration = new Histogram({
    name: 'commander_model_request_duration_seconds',
    help: 'Time of one answer, corrections included',
    labelNames: ['model', 'purpose'],
    buckets: SECONDS,
    registers,
  });
  return {
    modelAnswered: ({ purpose, model, outcome, seconds, usage }) => {
      requests.inc({ model, purpose, outcome });
      if (outcome === 'cached') return;
      duration.observe({ model, purpose }, seconds);
      tokens.inc({ model, purpose, direction: 'input' }, usage.inputTokens);
      tokens.inc({ model, purpose, direction: 'output' }, usage.outputTokens);
      if (usage.costUsd !== null) cost.inc({ model, purpose }, usage.costUsd);
    },
  };
}
