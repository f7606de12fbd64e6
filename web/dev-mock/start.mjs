// `npm run dev:mock`: the mock and the development server together; both end with this process.
import { spawn } from 'node:child_process';
import { createServer } from 'vite';

const mock = spawn(process.execPath, [new URL('./server.mjs', import.meta.url).pathname, ...process.argv.slice(2)], { stdio: 'inherit' });
const end = () => {
  mock.kill();
  process.exit(0);
};
process.on('SIGINT', end);
process.on('SIGTERM', end);
const server = await createServer();
await server.listen();
server.printUrls();
