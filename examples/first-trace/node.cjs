// npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node
// OTEL_SERVICE_NAME=first-node OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 OTEL_NODE_RESOURCE_DETECTORS=env,host node --require @opentelemetry/auto-instrumentations-node/register node.cjs
const { createServer } = require('node:http');
const { trace } = require('@opentelemetry/api');

const server = createServer((_request, response) => {
  trace.getTracer('first-trace').startActiveSpan('greet', (span) => {
    span.setAttribute('greeting.language', 'en');
    response.end('hello\n');
    span.end();
  });
});

server.listen(0, '127.0.0.1', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  process.stdout.write(await answer.text());
  server.close();
  // The SDK sends what it has when the process is told to end.
  process.kill(process.pid, 'SIGTERM');
});
