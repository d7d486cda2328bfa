// A service as small as one can be: answers who it is, and does what `?do=` asks of it.
import { createServer } from 'node:http';

if (process.env.DIES_AT_ONCE) process.exit(1);
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://part');
  if (searchParams.get('do') === 'die') process.kill(process.pid, 'SIGKILL');
  response.end(JSON.stringify({ part: process.env.MALLO_CHILD, pid: process.pid, pathname }));
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => process.send?.({ ready: true }));
process.once('SIGTERM', () => {
  console.log('closed in order');
  process.exit(0);
});
if (process.argv[2] !== 'knows-nothing-of-mallo') {
  process.once('disconnect', () => setTimeout(() => process.exit(0), Number(process.env.CLOSES_IN_MS ?? 0)));
}
