#!/bin/sh
# sh curl.sh http://127.0.0.1:4318
set -eu
now=$(date +%s)
id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
curl --silent --show-error --fail-with-body "${1:-http://127.0.0.1:4318}/v1/traces" \
  -H 'content-type: application/json' -d '{
  "resourceSpans": [{
    "resource": { "attributes": [{ "key": "service.name", "value": { "stringValue": "first-curl" } }] },
    "scopeSpans": [{ "scope": { "name": "first-trace" }, "spans": [{
      "traceId": "'"$id"'", "spanId": "'"$(echo "$id" | cut -c1-16)"'", "name": "greet", "kind": 2,
      "startTimeUnixNano": "'"$now"'000000000", "endTimeUnixNano": "'"$now"'042000000",
      "attributes": [{ "key": "greeting.language", "value": { "stringValue": "en" } }]
    }] }]
  }]
}'
