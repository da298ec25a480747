import type { Catalog } from '../../controller/domain/catalog.js';
import { parseCatalog } from '../../controller/planning/documents/catalog.js';

/** What the sentences of these tests are read against. */
export const NAMES: Catalog = read(`kind: Catalog
environments:
  - { name: qa, runtime: process }
  - { name: staging, aliases: [stage], runtime: process }
  - { name: production, aliases: [prod], runtime: process }
services:
  - { name: checkout, aliases: [shop], repository: /srv/checkout, run: [node, server.js] }
  - { name: payments, repository: /srv/payments, port: 9090, run: [node, server.js] }
`);

function read(text: string): Catalog {
  const parsed = parseCatalog('commander.yaml', text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.catalog;
}
