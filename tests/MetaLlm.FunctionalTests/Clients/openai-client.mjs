// Drives the gateway with the official JavaScript client and prints what it saw as one line of JSON.
import { createRequire } from 'node:module';

const [modules, baseURL, apiKey] = process.argv.slice(2);
const { OpenAI } = createRequire(modules + '/')('openai');
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Say something.' }];

const completion = await client.chat.completions.create({ model: 'auto', messages });

let text = '';
let usage = null;
const stream = await client.chat.completions.create({ model: 'auto', messages, stream: true, stream_options: { include_usage: true } });
for await (const chunk of stream) {
  text += chunk.choices[0]?.delta?.content ?? '';
  usage = chunk.usage ?? usage;
}

const models = (await client.models.list()).data.map((model) => model.id);
const error = await client.chat.completions.create({ model: 'gpt-unknown', messages }).catch((e) => ({ status: e.status, code: e.code }));

console.log(JSON.stringify({ id: completion.id, model: completion.model, text, tokens: usage?.completion_tokens ?? 0, models, error }));
