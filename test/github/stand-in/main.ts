import { parseArgs } from 'node:util';
import { control } from './control.js';
import { startGitHub } from './server.js';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '0' },
    control: { type: 'boolean', default: false },
  },
});

if (values.folder === undefined) {
  console.error('Usage: main.js --folder <where repositories are kept> [--port <number>] [--control]');
  process.exit(2);
}

const github = await startGitHub({
  folder: values.folder,
  port: Number(values.port),
  ...(values.control ? { extra: control } : {}),
});
console.log(JSON.stringify({ url: github.url, webUrl: github.webUrl }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    github.close().then(() => process.exit(0));
  });
}
