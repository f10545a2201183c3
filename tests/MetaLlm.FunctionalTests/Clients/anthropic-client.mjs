// Drives the gateway with Anthropic's official JavaScript client and with the AI SDK's, and prints what they saw as one line of JSON.
import { createRequire } from 'node:module';

const [modules, baseURL, apiKey, model] = process.argv.slice(2);
const require = createRequire(modules + '/');
const { Anthropic } = require('@anthropic-ai/sdk');
const { createAnthropic } = require('@ai-sdk/anthropic');
const { generateText, streamText, stepCountIs, jsonSchema } = require('ai');
const client = new Anthropic({ baseURL, apiKey, maxRetries: 0 });
const max_tokens = 3000;
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const ask = (content, more) => ({ model, max_tokens, messages: [{ role: 'user', content }], ...more });
const text = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');

const plain = await client.messages.create(ask('Say something.'));
const streamed = client.messages.stream(ask('Say something.'));
let pieces = '';
streamed.on('text', (piece) => (pieces += piece));
const final = await streamed.finalMessage();

const turns = [{ role: 'user', content: 'How is the weather?' }];
let steps = 0;
let message;
do {
  message = await client.messages.stream({ model, max_tokens, messages: turns, thinking: { type: 'enabled', budget_tokens: 2048 }, tools: [{ name: 'weather', input_schema: schema }] }).finalMessage();
  turns.push({ role: 'assistant', content: message.content });
  const results = message.content.filter((block) => block.type === 'tool_use').map((block) => ({ type: 'tool_result', tool_use_id: block.id, content: `${block.input.city} ${steps}` }));
  turns.push({ role: 'user', content: results });
} while (message.stop_reason === 'tool_use' && ++steps < 5);

const seen = await client.messages.create(ask([{ type: 'text', text: 'What is it?' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }]));
const models = [];
for await (const one of client.models.list()) models.push(one.id);
const counted = await client.messages.countTokens({ model, messages: [{ role: 'user', content: 'How long?' }] });
const error = await client.messages.create({ ...ask('x'), model: 'none' }).catch((e) => ({ name: e.constructor.name, status: e.status, type: e.error?.error?.type }));
const stream = await client.messages.create({ ...ask('Say something.'), stream: true });
let aborted = 0;
for await (const event of stream) {
  if (event.type === 'content_block_delta') {
    aborted++;
    break;
  }
}

const provider = createAnthropic({ baseURL: baseURL.replace(/\/$/, '') + '/v1', apiKey });
const generated = await generateText({
  model: provider(model), prompt: 'How is the weather?', maxOutputTokens: max_tokens, maxRetries: 0, stopWhen: stepCountIs(5),
  tools: { weather: { inputSchema: jsonSchema(schema), execute: async ({ city }) => `${city} is warm` } },
});
const streaming = streamText({ model: provider(model), prompt: 'Say something.', maxOutputTokens: max_tokens, maxRetries: 0 });
let told = '';
for await (const piece of streaming.textStream) told += piece;
const thought = await generateText({
  model: provider('claude-opus-4-5'), prompt: 'Think.', maxOutputTokens: max_tokens, maxRetries: 0, providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } } },
});

console.log(JSON.stringify({
  id: plain.id, plain: text(plain), streamed: text(final), pieces, stop: final.stop_reason, tokens: final.usage.output_tokens,
  steps, result: text(message), thinking: message.content.find((block) => block.type === 'thinking'), seen: text(seen), models, counted: counted.input_tokens, error, aborted,
  generated: generated.text, generatedSteps: generated.steps.length, told, toldTokens: (await streaming.usage).outputTokens, thought: thought.reasoningText,
}));
