// Drives the tests' own Bedrock with Amazon's official client, and prints what it saw as one line of JSON.
import { createRequire } from 'node:module';

const [modules, endpoint, region, accessKeyId, secretAccessKey] = process.argv.slice(2);
const require = createRequire(modules + '/');
const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } = require('@aws-sdk/client-bedrock-runtime');
const { NodeHttpHandler } = require('@smithy/node-http-handler');
const connect = (secret) => new BedrockRuntimeClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey: secret }, maxAttempts: 1, requestHandler: new NodeHttpHandler() });
const client = connect(secretAccessKey);
const modelId = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const thinking = { thinking: { type: 'enabled', budget_tokens: 1024 } };
const messages = [{ role: 'user', content: [{ text: 'Hi' }] }];
const text = (answer) => answer.output.message.content.map((block) => block.text ?? '').join('');
const failure = async (model, by = client) => by.send(new ConverseCommand({ modelId: model, messages })).then(() => '', (error) => `${error.name} ${error.$metadata.httpStatusCode}`);
const stream = async (model) => {
  let [said, tokens, stop] = ['', 0, ''];
  const answer = await client.send(new ConverseStreamCommand({ modelId: model, messages, additionalModelRequestFields: thinking }));
  for await (const event of answer.stream) {
    const delta = event.contentBlockDelta?.delta;
    said += delta?.text ?? (delta?.reasoningContent?.text ? `(${delta.reasoningContent.text})` : '');
    tokens = event.metadata?.usage.totalTokens ?? tokens;
    stop = event.messageStop?.stopReason ?? stop;
  }
  return { said, tokens, stop };
};

const plain = await client.send(new ConverseCommand({ modelId, messages }));
const streamed = await stream(modelId);
const toolConfig = { tools: ['weather', 'time'].map((name) => ({ toolSpec: { name, inputSchema: { json: { type: 'object' } } } })) };
const turns = [...messages];
const called = await client.send(new ConverseCommand({ modelId, messages: turns, toolConfig, additionalModelRequestFields: thinking }));
const calls = called.output.message.content.filter((block) => block.toolUse).map((block) => block.toolUse);
turns.push(called.output.message);
turns.push({ role: 'user', content: calls.map(({ toolUseId }) => ({ toolResult: { toolUseId, content: [{ text: 'sunny' }] } })) });
const answered = await client.send(new ConverseCommand({ modelId, messages: turns, toolConfig, additionalModelRequestFields: thinking }));

console.log(JSON.stringify({
  plain: text(plain),
  total: plain.usage.totalTokens,
  streamed,
  calls: calls.map((call) => `${call.name} ${call.input.city}`),
  answered: text(answered),
  throttled: await stream('throttled-in-stream').then(() => '', (error) => error.name),
  errors: [await failure('busy'), await failure('limited'), await failure(modelId, connect('wrong'))],
}));
