// Drives the tests' own Gemini with Google's official client, and prints what it saw as one line of JSON.
import { createRequire } from 'node:module';

const [modules, address, apiKey] = process.argv.slice(2);
const require = createRequire(modules + '/');
const { GoogleGenAI } = require('@google/genai');
const client = new GoogleGenAI({ apiKey, vertexai: false, httpOptions: { baseUrl: address.replace(/\/$/, ''), retryOptions: { attempts: 1 } } });
const failure = async (model, contents = 'Hi') => client.models.generateContent({ model, contents }).then(() => 0, (error) => error.status);
const model = 'gemini-3-flash-preview';

const plain = await client.models.generateContent({ model, contents: 'Hi' });
let [streamed, tokens] = ['', 0];
for await (const piece of await client.models.generateContentStream({ model, contents: 'Hi', config: { thinkingConfig: { includeThoughts: true } } })) {
  streamed += (piece.candidates[0].content.parts ?? []).map((part) => (part.thought ? `(${part.text})` : part.text)).join('');
  tokens = piece.usageMetadata.totalTokenCount ?? tokens;
}

const config = { tools: [{ functionDeclarations: [{ name: 'weather' }, { name: 'time' }] }] };
const contents = [{ role: 'user', parts: [{ text: 'How is it?' }] }];
const called = await client.models.generateContent({ model, contents, config });
contents.push(called.candidates[0].content);
contents.push({ role: 'user', parts: called.functionCalls.map(({ id, name }) => ({ functionResponse: { id, name, response: { output: 'sunny' } } })) });
const answered = await client.models.generateContent({ model, contents, config });
contents[1] = { role: 'model', parts: contents[1].parts.map(({ functionCall }) => ({ functionCall })) };
const blocked = await client.models.generateContent({ model: 'gemini-blocked', contents: 'Hi' });

console.log(JSON.stringify({
  plain: plain.text,
  total: plain.usageMetadata.totalTokenCount,
  streamed,
  tokens,
  calls: called.functionCalls.map((call) => `${call.name} ${call.args.city}`),
  answered: answered.text,
  blocked: blocked.promptFeedback.blockReason,
  errors: [await failure('gemini-missing'), await failure('gemini-busy'), await failure('gemini-limited'), await failure(model, contents)],
}));
