import type { Catalog } from '../domain/catalog.js';
import type { Interpretation } from '../domain/interpretation.js';

/** Reads an intent's text against a catalog. The built-in grammar is one; a model behind the same port is another. */
export interface Interpreter {
  readonly name: string;
  interpret(
    text: string,
    catalog: Pick<Catalog, 'services' | 'environments'>,
    signal: AbortSignal,
  ): Promise<Interpretation>;
}
