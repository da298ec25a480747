// Starts the embedded server and stays, until it is killed.
import { startEmbeddedPostgres } from '../../../dist/controller/adapters/postgres/embedded/embedded.js';

const quiet = { debug() {}, info() {}, warn() {}, error() {}, bind: () => quiet };
const server = await startEmbeddedPostgres({ dataDir: process.argv[2], log: quiet });
process.stdout.write(`${server.url}\n`);
setInterval(() => undefined, 1000);
