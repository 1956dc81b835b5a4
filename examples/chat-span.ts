import { type Attributes, metrics, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';

const tracer = trace.getTracer('assistant');
const meter = metrics.getMeter('assistant');

// Bucket boundaries as the GenAI semantic conventions give them.
const operationDuration = meter.createHistogram('gen_ai.client.operation.duration', {
  unit: 's',
  description: 'Duration of a call to a model',
  advice: {
    explicitBucketBoundaries: [
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ],
  },
});
const tokenUsage = meter.createHistogram('gen_ai.client.token.usage', {
  unit: '{token}',
  description: 'Tokens used by a call to a model',
  advice: { explicitBucketBoundaries: [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576] },
});

/** Watches one streamed chat and tells it as one span and the two GenAI client metrics. */
export interface ChatSpan {
  span: Span;
  /** Reads model, id, finish reasons and usage from a chunk of the stream. */
  onChunk(chunk: ChatCompletionChunk): void;
  /** Ends the span; with an error it failed and its usage stays unknown. */
  end(error?: unknown): void;
}

/**
 * Starts the CLIENT span of a chat, `chat {model}`, with the attributes of the GenAI semantic conventions.
 * Written by hand because the OpenAI instrumentation knows the client only below version 7. No content is kept.
 */
export function startChatSpan(request: { model: string; conversationId: string; userId: string }): ChatSpan {
  const startedMs = performance.now();
  const shared: Attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': request.model,
  };
  const span = tracer.startSpan(`chat ${request.model}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      ...shared,
      'gen_ai.request.stream': true,
      'gen_ai.conversation.id': request.conversationId,
      'user.id': request.userId,
    },
  });
  const secondsSinceStart = () => (performance.now() - startedMs) / 1000;
  let seenFirst = false;

  return {
    span,
    onChunk(chunk) {
      if (!seenFirst) {
        seenFirst = true;
        shared['gen_ai.response.model'] = chunk.model;
        span.addEvent('gen_ai.first_chunk');
        span.setAttributes({
          'gen_ai.response.id': chunk.id,
          'gen_ai.response.model': chunk.model,
          'gen_ai.response.time_to_first_chunk': secondsSinceStart(),
        });
      }
      const finishReason = chunk.choices[0]?.finish_reason;
      if (finishReason) span.setAttribute('gen_ai.response.finish_reasons', [finishReason]);
      if (chunk.usage) recordUsage(span, shared, chunk.usage);
    },
    end(error) {
      if (error !== undefined) {
        const type = error instanceof Error ? error.constructor.name : typeof error;
        shared['error.type'] = type;
        span.setAttribute('error.type', type);
        span.recordException(error instanceof Error ? error : String(error));
        span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
      }
      operationDuration.record(secondsSinceStart(), shared);
      span.end();
    },
  };
}

function recordUsage(span: Span, shared: Attributes, usage: NonNullable<ChatCompletionChunk['usage']>): void {
  span.setAttributes({
    'gen_ai.usage.input_tokens': usage.prompt_tokens,
    'gen_ai.usage.output_tokens': usage.completion_tokens,
  });
  tokenUsage.record(usage.prompt_tokens, { ...shared, 'gen_ai.token.type': 'input' });
  tokenUsage.record(usage.completion_tokens, { ...shared, 'gen_ai.token.type': 'output' });
}
