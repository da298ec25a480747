import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './controller/adapters/postgres/schema.ts',
    './controller/adapters/postgres/schema-forge.ts',
    './controller/adapters/postgres/schema-agents.ts',
  ],
  out: './migrations',
  schemaFilter: ['commander'],
});
