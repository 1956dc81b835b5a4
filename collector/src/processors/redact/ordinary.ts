/**
 * What telemetry mostly consists of, to tell which two neighbouring letters are rare in it. It only decides what is
 * fast, never what is found.
 */
const ORDINARY = `
GET /api/orders/{id} POST /v1/chat/completions http https 200 404 500 localhost 10.0.0.17 8080 application/json
http://inventory.shop.svc.cluster.local:8080/api/products/42?limit=20&offset=40&sort=created_at HTTP/1.1 gzip
Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 node-fetch
SELECT o.id, o.created_at, o.status FROM orders o WHERE o.customer_id = $1 AND o.status IN ($2, $3) ORDER BY o.id LIMIT 50
INSERT INTO audit_log (actor, action, target, happened_at) VALUES ($1, $2, $3, now()) ON CONFLICT DO NOTHING
Error: connect ECONNREFUSED 127.0.0.1:5432 at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1610:16)
    at async Promise.all (index 0)\n    at processTicksAndRejections (node:internal/process/task_queues:105:5)
    at Object.<anonymous> (/app/node_modules/@opentelemetry/instrumentation-http/build/src/http.js:214:31)
java.lang.IllegalStateException: Could not open connection at com.example.shop.orders.OrderService.place(OrderService.java:87)
Traceback (most recent call last): File "/usr/lib/python3.12/site-packages/flask/app.py", line 1473, in wsgi_app response
2026-03-14T09:26:53.589Z INFO request completed in 12.4 ms 550e8400-e29b-41d4-a716-446655440000 4bf92f3577b34da6a3ce929d0e0e4736
{"level":"info","message":"order placed","orderId":"ord-20418","items":3,"total":129.95,"currency":"EUR","retry":false}
payments checkout frontend production eu-central-1 us-east-1 linux amd64 nodejs opentelemetry 2.1.0 internal server client
kubernetes pod checkout-7d9c6b5f4-x2k8p container sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
The quick answer to your question is that the service was restarted because its health check failed three times in a row.
http.server.request.duration http.client.request.duration nodejs.eventloop.utilization v8js.memory.heap.used process.memory.usage
the duration of inbound requests measures how much time a part of the work took; number of spans, points and tokens per map and path
file:///srv/app/src/services/payment.js:42:17 at async place (file:///srv/app/src/orders.js:118:5) at process.processTicksAndRejections
process.runtime.name nodejs process.command_args worker main thread confirm first file format configuration native universal five oven
parse space spanning response specified prefix marked mapped market work word world fork network dark parked benchmark remarks
import information initial unit engine machine running evening items_total time_to_first live archive active driver received
fc-42 fcgi date data database update validated details today payload radar browse grade operator transaction title battle little
spring/6.1 okhttp/4.12 python-requests/2.32 grpc-go/1.66 axios/1.7 undici curl/8.5 demo-small claude gemini-pro gpt-4o-mini llama
cookies book look took food tool pool too_many shell_output move to outline tools note_type root_path state_of count_of size_of
user-agent content-type accept-encoding cache-control text/html charset=utf-8 postgresql redis kafka rabbitmq queue topic
`;

const counts = new Uint16Array(65_536);
for (let at = 0; at + 1 < ORDINARY.length; at++) {
  const index = ((ORDINARY.charCodeAt(at) & 0xff) << 8) | (ORDINARY.charCodeAt(at + 1) & 0xff);
  counts[index] = counts[index]! + 1;
}

/** How often two bytes are neighbours in ordinary text. */
export function pairCount(first: number, second: number): number {
  return counts[(first << 8) | second]!;
}
