// Drives the gateway's Responses with the official JavaScript client and with the AI SDK's, and prints what they saw as one line of JSON.
import { createRequire } from 'node:module';

const [modules, baseURL, apiKey, model] = process.argv.slice(2);
const require = createRequire(modules + '/');
const { OpenAI } = require('openai');
const { createOpenAI } = require('@ai-sdk/openai');
const { generateText, streamText, stepCountIs, jsonSchema } = require('ai');
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const image = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const plain = await client.responses.create({ model, input: 'Say something.' });
const streaming = client.responses.stream({ model, input: 'Say something.' });
let pieces = '';
streaming.on('response.output_text.delta', (event) => (pieces += event.delta));
const final = await streaming.finalResponse();

const tools = [{ type: 'function', name: 'weather', parameters, strict: true }];
let response = await client.responses.create({ model, input: 'How is the weather?', tools, reasoning: { effort: 'low' }, store: false, include: ['reasoning.encrypted_content'] });
const items = [{ role: 'user', content: 'How is the weather?' }];
let steps = 0;
while (response.output.some((item) => item.type === 'function_call') && steps < 5) {
  items.push(...response.output);
  const call = response.output.find((item) => item.type === 'function_call');
  items.push({ type: 'function_call_output', call_id: call.call_id, output: `${JSON.parse(call.arguments).city} ${steps++}` });
  response = await client.responses.stream({ model, input: items, tools, reasoning: { effort: 'low' }, store: false }).finalResponse();
}

const seen = await client.responses.create({ model, input: [{ role: 'user', content: [{ type: 'input_text', text: 'What is it?' }, { type: 'input_image', image_url: image, detail: 'auto' }] }] });
const formed = await client.responses.create({ model, input: 'Yes?', text: { format: { type: 'json_schema', name: 'answer', schema: { type: 'object' } } } });
const second = await client.responses.create({ model, input: 'And?', previous_response_id: plain.id });
const kept = await client.responses.retrieve(second.id);
const inputs = [];
for await (const item of client.responses.inputItems.list(second.id)) inputs.push(item.content[0].text);
await client.responses.delete(plain.id);
const gone = await client.responses.retrieve(plain.id).catch((e) => ({ status: e.status, code: e.code }));
const error = await client.responses.create({ model: 'none', input: 'x' }).catch((e) => ({ name: e.constructor.name, status: e.status, code: e.code }));

const provider = createOpenAI({ baseURL, apiKey });
const generated = await generateText({
  model: provider(model), prompt: 'How is the weather?', maxRetries: 0, stopWhen: stepCountIs(5),
  tools: { weather: { inputSchema: jsonSchema(parameters), execute: async ({ city }) => `${city} is warm` } },
});
const told = streamText({ model: provider(model), prompt: 'Say something.', maxRetries: 0 });
let text = '';
for await (const piece of told.textStream) text += piece;

console.log(JSON.stringify({
  id: plain.id, plain: plain.output_text, pieces, streamed: final.output_text, tokens: final.usage.output_tokens, steps, result: response.output_text,
  reasoning: response.output[0], seen: seen.output_text, formed: formed.output_text, kept: kept.output_text, inputs, gone, error,
  generated: generated.text, generatedSteps: generated.steps.length, text, textTokens: (await told.usage).outputTokens,
}));
