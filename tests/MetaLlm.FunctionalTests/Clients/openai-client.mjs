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

// Without a format the client asks for base64 and unpacks it.
const unpacked = await client.embeddings.create({ model: 'auto', input: ['one text', 'another text'] });
const floats = await client.embeddings.create({ model: 'sim-embed', input: 'one text', encoding_format: 'float' });
const embeddingError = await client.embeddings.create({ model: 'auto', input: '' }).catch((e) => ({ status: e.status, param: e.param }));
const old = await client.completions.create({ model: 'auto', prompt: 'Say something.', max_tokens: 20 });
let oldText = '';
for await (const chunk of await client.completions.create({ model: 'auto', prompt: 'Say something.', stream: true })) {
  oldText += chunk.choices[0]?.text ?? '';
}
const embeddings = {
  model: unpacked.model, lengths: unpacked.data.map((item) => item.embedding.length), tokens: unpacked.usage.prompt_tokens,
  largestDifference: Math.max(...floats.data[0].embedding.map((number, i) => Math.abs(number - unpacked.data[0].embedding[i]))), error: embeddingError,
};

console.log(JSON.stringify({ embeddings, old: old.choices[0].text, oldText, id: completion.id, model: completion.model, text, tokens: usage?.completion_tokens ?? 0, models, error }));
