import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['./controller/adapters/postgres/schema.ts', './controller/adapters/postgres/schema-forge.ts'],
  out: './migrations',
  schemaFilter: ['commander'],
});
