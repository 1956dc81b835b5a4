// With the OpenTelemetry Java agent (opentelemetry-javaagent.jar from the releases of opentelemetry-java-instrumentation):
// OTEL_SERVICE_NAME=first-java OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 java -javaagent:opentelemetry-javaagent.jar Main.java
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

public class Main {
  public static void main(String[] arguments) throws Exception {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/greet", exchange -> {
      var body = "hello\n".getBytes();
      exchange.sendResponseHeaders(200, body.length);
      try (var out = exchange.getResponseBody()) {
        out.write(body);
      }
    });
    server.start();
    var uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/greet");
    System.out.print(HttpClient.newHttpClient().send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    server.stop(0);
  }
}
