export { createGrammarInterpreter, interpretText, MAX_TEXT } from './interpreter.js';
