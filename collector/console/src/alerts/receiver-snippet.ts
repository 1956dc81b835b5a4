/** A receiver for Alertmanager's configuration that tells the Signalbox at `origin`. */
export function receiverSnippet(origin: string): string {
  return `receivers:
  - name: signalbox
    webhook_configs:
      - url: ${origin}/api/v1/alerts/webhook
        send_resolved: true
        max_alerts: 100
        http_config:
          authorization:
            credentials_file: /path/to/machine-token # data/secrets/machine-token`;
}
