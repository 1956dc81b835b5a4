import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Type } from 'typebox';
import { createService, HttpError } from './service.ts';

// Speaks the part of the OpenAI API that a streaming chat needs, without a model: the answer is canned,
// the pace is that of a small model, and the usage at the end is what a real server would send.
const { app, isBroken, start } = createService('model-stand-in');

const answers = [
  'A signal lamp shows the driver whether the line ahead is clear. Ours is made of brass and takes an ordinary bulb.',
  'The block bell tells the next signal box that a train is coming. One beat calls attention, two beats mean the train is on its way.',
  'A lever in the frame moves one signal or one set of points. The interlocking keeps it still while that would be unsafe.',
];

const chatBody = Type.Object({
  model: Type.String({ maxLength: 100 }),
  messages: Type.Array(Type.Object({ role: Type.String(), content: Type.String({ maxLength: 8_000 }) }), {
    minItems: 1,
    maxItems: 50,
  }),
  stream: Type.Literal(true),
});

const countTokens = (text: string): number => Math.ceil(text.length / 4);

async function* chunksOf(body: Type.Static<typeof chatBody>) {
  const answer = answers[Math.floor(Math.random() * answers.length)] ?? '';
  const head = {
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: 'chat.completion.chunk',
    created: Math.floor(Date.now() / 1000),
    model: `${body.model}-2026-01-15`,
  };
  await sleep(80 + Math.random() * 200);
  for (const word of answer.split(' ')) {
    yield { ...head, choices: [{ index: 0, delta: { content: `${word} ` }, finish_reason: null }] };
    await sleep(4 + Math.random() * 10);
  }
  yield { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  const promptTokens = countTokens(body.messages.map((message) => message.content).join(''));
  const completionTokens = countTokens(answer);
  yield {
    ...head,
    choices: [],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
    },
  };
}

async function* eventsOf(body: Type.Static<typeof chatBody>) {
  for await (const chunk of chunksOf(body)) yield `data: ${JSON.stringify(chunk)}\n\n`;
  yield 'data: [DONE]\n\n';
}

app.post('/v1/chat/completions', { schema: { body: chatBody } }, (request, reply) => {
  if (isBroken()) throw new HttpError(503, 'the model is overloaded');
  return reply.type('text/event-stream').send(Readable.from(eventsOf(request.body)));
});

await start();
