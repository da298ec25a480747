export { createModelInterpreter, type ModelInterpreterNeeds } from './interpreter.js';
export { PROMPT_VERSION } from './prompt.js';
