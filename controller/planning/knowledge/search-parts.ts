import type { PassageRecords } from '../../ports/knowledge.js';
import type { Corpora, LoadWordVectors } from './corpora.js';
import type { Embedding } from './embedding.js';
import type { Limits } from './limits.js';
import type { Outside } from './outside.js';
import type { VectorsOutside } from './vectors-outside.js';

/** What a search asks; what is null is searched without. */
export interface SearchParts {
  readonly records: PassageRecords;
  readonly recordsOutside: Outside;
  readonly corpora: Corpora;
  readonly wordVectors: LoadWordVectors | null;
  readonly embedding: Embedding | null;
  readonly vectors: VectorsOutside | null;
  readonly limits: Limits;
}
