import { Readable } from 'node:stream';
import { context, trace } from '@opentelemetry/api';
import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { Type } from 'typebox';
import { urlOf } from './addresses.ts';
import { type ChatSpan, startChatSpan } from './chat-span.ts';
import { createService, HttpError } from './service.ts';

const { app, logger, start } = createService('assistant');

const model = 'demo-small';
const openai = new OpenAI({
  baseURL: `${urlOf('model-stand-in')}/v1`,
  apiKey: 'not-needed-by-the-stand-in',
  maxRetries: 1,
  timeout: 10_000,
});

const chatBody = Type.Object({
  question: Type.String({ minLength: 1, maxLength: 2_000 }),
  userId: Type.String({ maxLength: 64, default: 'anonymous' }),
  conversationId: Type.String({ maxLength: 64, default: 'none' }),
});

/** Asks the model inside the chat's span; a model that refuses ends the span and becomes a 502. */
async function ask(question: string, chat: ChatSpan): Promise<AsyncIterable<ChatCompletionChunk>> {
  try {
    return await context.with(trace.setSpan(context.active(), chat.span), () =>
      openai.chat.completions.create({
        model,
        stream: true,
        stream_options: { include_usage: true },
        messages: [
          { role: 'system', content: 'You answer questions about the goods of a railway shop.' },
          { role: 'user', content: question },
        ],
      }),
    );
  } catch (error) {
    chat.end(error);
    throw new HttpError(502, `the model gave no answer: ${(error as Error).message}`);
  }
}

/** The words of the answer as they arrive; the span ends with the stream, however that ends. */
async function* wordsOf(stream: AsyncIterable<ChatCompletionChunk>, chat: ChatSpan) {
  let failure: unknown;
  try {
    for await (const chunk of stream) {
      chat.onChunk(chunk);
      const word = chunk.choices[0]?.delta.content;
      if (word) yield word;
    }
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    chat.end(failure);
  }
}

app.post('/chat', { schema: { body: chatBody } }, async (request, reply) => {
  const { question, userId, conversationId } = request.body;
  const chat = startChatSpan({ model, conversationId, userId });
  const stream = await ask(question, chat);
  logger.info('answer begins', { 'gen_ai.conversation.id': conversationId, 'user.id': userId });
  return reply.type('text/plain; charset=utf-8').send(Readable.from(wordsOf(stream, chat)));
});

await start();
