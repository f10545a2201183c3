// Drives the gateway's files and batches with the official JavaScript client, and prints what it saw as one line of JSON.
import { createRequire } from 'node:module';

const [modules, baseURL, apiKey, model] = process.argv.slice(2);
const require = createRequire(modules + '/');
const { OpenAI, toFile } = require('openai');
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

const body = { model, messages: [{ role: 'user', content: 'Say something.' }] };
const lines = ['one', 'two'].map((custom_id) => JSON.stringify({ custom_id, method: 'POST', url: '/v1/chat/completions', body })).join('\n');
const file = await client.files.create({ file: await toFile(Buffer.from(lines), 'queries.jsonl'), purpose: 'batch' });
const begun = await client.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', metadata: { topic: 'tests' } });
let batch = begun;
while (!['completed', 'failed', 'expired', 'cancelled'].includes(batch.status)) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  batch = await client.batches.retrieve(begun.id);
}

const output = batch.output_file_id && (await (await client.files.content(batch.output_file_id)).text());
const listed = [];
for await (const one of client.batches.list({ limit: 1 })) listed.push(one.id);
const files = [];
for await (const one of client.files.list({ purpose: 'batch' })) files.push(one.id);
const late = await client.batches.cancel(begun.id).catch((e) => ({ name: e.constructor.name, status: e.status }));
const deleted = await client.files.delete(file.id);
const gone = await client.files.retrieve(file.id).catch((e) => ({ name: e.constructor.name, status: e.status, code: e.code }));

console.log(JSON.stringify({
  file, first: begun.status, batch, listed, files, late, deleted, gone,
  answers: output.trim().split('\n').map((line) => JSON.parse(line)).map((line) => [line.custom_id, line.response.status_code, line.response.body.choices[0].message.content]),
}));
