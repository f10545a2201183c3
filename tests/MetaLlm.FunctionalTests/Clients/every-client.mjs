// Drives the gateway with each official JavaScript client, once for each kind of upstream, and prints what became of each feature as one line of JSON.
import { createRequire } from 'node:module';

// The AI SDK would print its warnings between the results.
globalThis.AI_SDK_LOG_WARNINGS = false;

const [modules, address, apiKey, ...kinds] = process.argv.slice(2);
const require = createRequire(modules + '/');
const baseURL = `${address.replace(/\/$/, '')}/v1`;
const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const city = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const answer = { type: 'object', properties: { answer: { type: ['integer', 'string'] } }, required: ['answer'], additionalProperties: false };
const say = 'Say something.';

const must = (isMet, reason) => { if (!isMet) throw new Error(reason); };
const heard = (text) => must(text?.length > 0, 'There is no text.');
const sawIt = (text) => must(text?.startsWith('I see'), 'The model takes it and does not look at it.');
const filled = (value) => must(value?.answer !== undefined, 'The answer does not have the form.');
const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };
const called = (steps) => must(steps > 1, 'The model calls no tool.');
const inPieces = async (pieces, text) => {
  let count = 0;
  for await (const piece of pieces) count += text(piece)?.length > 0 ? 1 : 0;
  must(count > 1, 'The text comes in one piece.');
};
const objects = async (call, isError) => {
  const error = await call().then(() => null, (e) => e);
  must(error, 'The model answers.');
  must(isError(error), `The client throws ${error.constructor.name}: ${error.message}`);
};

// The model never answers: what ends is the client's patience.
const leaves = async (call) => {
  const leaving = new AbortController();
  const done = call(leaving.signal).then(() => 'done', () => 'done');
  setTimeout(() => leaving.abort(), 200);
  const limit = new Promise((resolve) => setTimeout(() => resolve('late'), 60_000).unref());
  must(await Promise.race([done, limit]) === 'done', 'The client waits on.');
};

const openAi = () => {
  const { OpenAI, BadRequestError } = require('openai');
  const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
  return { client, isError: (e) => e instanceof BadRequestError };
};

const clients = {
  '`openai`, chat': () => {
    const { client, isError } = openAi();
    const ask = (model, content, more, options) => client.chat.completions.create({ model, messages: [{ role: 'user', content }], ...more }, options);
    const said = (completion) => completion.choices[0].message.content;
    const tools = [{ type: 'function', function: { name: 'weather', parameters: city } }];
    return {
      'plain': async (kind) => heard(said(await ask(kind, say))),
      'stream': async (kind) => inPieces(await ask(kind, say, { stream: true }), (chunk) => chunk.choices[0]?.delta.content),
      'tools over several steps': async (kind) => {
        const messages = [{ role: 'user', content: say }];
        for (let steps = 1; ; steps++) {
          const { message } = (await client.chat.completions.create({ model: kind, messages, tools })).choices[0];
          if (!message.tool_calls?.length || steps > 5) return called(steps), heard(message.content);
          messages.push(message, ...message.tool_calls.map((call) => ({ role: 'tool', tool_call_id: call.id, content: JSON.parse(call.function.arguments).city })));
        }
      },
      'structured output': async (kind) => filled(parsed(said(await ask(kind, say, { response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: answer } } })))),
      'an image': async (kind) => sawIt(said(await ask(kind, [{ type: 'text', text: say }, { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }]))),
      'leaving': (kind) => leaves(async (signal) => { for await (const _ of await ask(`${kind}-staying`, say, { stream: true }, { signal })); }),
      'an error': (kind) => objects(() => ask(`${kind}-objecting`, say), isError),
    };
  },
  '`openai`, Responses': () => {
    const { client, isError } = openAi();
    const tools = [{ type: 'function', name: 'weather', parameters: city, strict: true }];
    return {
      'plain': async (kind) => heard((await client.responses.create({ model: kind, input: say })).output_text),
      'stream': async (kind) => inPieces(await client.responses.create({ model: kind, input: say, stream: true }), (event) => event.type === 'response.output_text.delta' ? event.delta : ''),
      'tools over several steps': async (kind) => {
        const input = [{ role: 'user', content: say }];
        for (let steps = 1; ; steps++) {
          const response = await client.responses.stream({ model: kind, input, tools }).finalResponse();
          const calls = response.output.filter((item) => item.type === 'function_call');
          if (!calls.length || steps > 5) return called(steps), heard(response.output_text);
          input.push(...response.output, ...calls.map((call) => ({ type: 'function_call_output', call_id: call.call_id, output: JSON.parse(call.arguments).city })));
        }
      },
      'structured output': async (kind) => filled(parsed((await client.responses.create({ model: kind, input: say, text: { format: { type: 'json_schema', name: 'answer', strict: true, schema: answer } } })).output_text)),
      'an image': async (kind) => sawIt((await client.responses.create({ model: kind, input: [{ role: 'user', content: [{ type: 'input_text', text: say }, { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${image}` }] }] })).output_text),
      'leaving': (kind) => leaves(async (signal) => { for await (const _ of await client.responses.create({ model: `${kind}-staying`, input: say, stream: true }, { signal })); }),
      'an error': (kind) => objects(() => client.responses.create({ model: `${kind}-objecting`, input: say }), isError),
    };
  },
  '`openai`, embeddings': () => {
    const { client } = openAi();
    const embed = async (kind, more) => (await client.embeddings.create({ model: `${kind}-vectors`, input: ['red apples', 'blue whales'], ...more })).data.map((item) => item.embedding);

    // Without a format the client asks for base64 and unpacks it.
    return {
      'vectors, packed and as numbers': async (kind) => {
        const [packed, numbers] = [await embed(kind), await embed(kind, { encoding_format: 'float' })];
        must(packed.length === 2 && packed.every((vector) => vector.length === 256), 'The vectors are others than were asked for.');
        must(Math.max(...numbers.flatMap((vector, i) => vector.map((number, j) => Math.abs(number - packed[i][j])))) < 1e-6, 'The two forms differ.');
      },
    };
  },
  '`openai`, completions': () => {
    const { client } = openAi();
    return {
      'plain': async (kind) => heard((await client.completions.create({ model: kind, prompt: say, max_tokens: 20 })).choices[0].text),
      'stream': async (kind) => inPieces(await client.completions.create({ model: kind, prompt: say, stream: true }), (chunk) => chunk.choices[0]?.text),
    };
  },
  '`openai`, models': () => {
    const { client } = openAi();
    return {
      'the list has it': async (kind) => must((await client.models.list()).data.some((model) => model.id === kind), 'It is not in the list.'),
      'another is not there': (kind) => objects(() => client.models.retrieve(`${kind}-unknown`), (e) => e.status === 404 && e.code === 'model_not_found'),
    };
  },
  '`@ai-sdk/openai`': () => aiSdk((model) => require('@ai-sdk/openai').createOpenAI({ baseURL, apiKey })(model)),
  '`@ai-sdk/openai-compatible`': () => aiSdk((model) => require('@ai-sdk/openai-compatible').createOpenAICompatible({ name: 'metallm', baseURL, apiKey, supportsStructuredOutputs: true })(model)),
  '`@ai-sdk/anthropic`': () => aiSdk((model) => require('@ai-sdk/anthropic').createAnthropic({ baseURL, apiKey })(model), { anthropic: { structuredOutputMode: 'outputFormat' } }),
  '`@anthropic-ai/sdk`': () => {
    const { Anthropic, BadRequestError } = require('@anthropic-ai/sdk');
    const client = new Anthropic({ baseURL: address, apiKey, maxRetries: 0 });
    const max_tokens = 3000;
    const ask = (model, content, more) => client.messages.create({ model, max_tokens, messages: [{ role: 'user', content }], ...more });
    const said = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');
    return {
      'plain': async (kind) => heard(said(await ask(kind, say))),
      'stream': async (kind) => inPieces(await ask(kind, say, { stream: true }), (event) => event.delta?.text),
      'tools over several steps': async (kind) => {
        const messages = [{ role: 'user', content: say }];
        for (let steps = 1; ; steps++) {
          const message = await client.messages.stream({ model: kind, max_tokens, messages, tools: [{ name: 'weather', input_schema: city }] }).finalMessage();
          const calls = message.content.filter((block) => block.type === 'tool_use');
          if (!calls.length || steps > 5) return called(steps), heard(said(message));
          messages.push({ role: 'assistant', content: message.content }, { role: 'user', content: calls.map((call) => ({ type: 'tool_result', tool_use_id: call.id, content: String(call.input.city) })) });
        }
      },
      'structured output': async (kind) => filled(parsed(said(await ask(kind, say, { output_config: { format: { type: 'json_schema', schema: answer } } })))),
      'an image': async (kind) => sawIt(said(await ask(kind, [{ type: 'text', text: say }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: image } }]))),
      'leaving': (kind) => leaves((signal) => client.messages.stream({ model: `${kind}-staying`, max_tokens, messages: [{ role: 'user', content: say }] }, { signal }).finalMessage()),
      'an error': (kind) => objects(() => ask(`${kind}-objecting`, say), (e) => e instanceof BadRequestError),
    };
  },
  '`@langchain/openai`': () => {
    const { ChatOpenAI } = require('@langchain/openai');
    const { HumanMessage, ToolMessage } = require('@langchain/core/messages');
    const chat = (model) => new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } });
    return {
      'plain': async (kind) => heard((await chat(kind).invoke(say)).text),
      'stream': async (kind) => inPieces(await chat(kind).stream(say), (chunk) => chunk.text),
      'tools over several steps': async (kind) => {
        const messages = [new HumanMessage(say)];
        const model = chat(kind).bindTools([{ type: 'function', function: { name: 'weather', parameters: city } }]);
        for (let steps = 1; ; steps++) {
          const message = await model.invoke(messages);
          if (!message.tool_calls?.length || steps > 5) return called(steps), heard(message.text);
          messages.push(message, ...message.tool_calls.map((call) => new ToolMessage({ tool_call_id: call.id, content: String(call.args.city) })));
        }
      },
      'structured output': async (kind) => filled(await chat(kind).withStructuredOutput(answer, { name: 'answer', method: 'jsonSchema' }).invoke(say)),
      'an image': async (kind) => sawIt((await chat(kind).invoke([new HumanMessage({ content: [{ type: 'text', text: say }, { type: 'image_url', image_url: { url: `data:image/png;base64,${image}` } }] })])).text),
      'leaving': (kind) => leaves(async (signal) => { for await (const _ of await chat(`${kind}-staying`).stream(say, { signal })); }),
      'an error': (kind) => objects(() => chat(`${kind}-objecting`).invoke(say), (e) => e.status === 400),
    };
  },
};

function aiSdk(model, providerOptions) {
  const { generateText, streamText, stepCountIs, jsonSchema, Output, APICallError } = require('ai');
  const ask = (kind, more) => generateText({ model: model(kind), prompt: say, maxRetries: 0, providerOptions, ...more });
  return {
    'plain': async (kind) => heard((await ask(kind)).text),
    'stream': async (kind) => inPieces(streamText({ model: model(kind), prompt: say, maxRetries: 0, providerOptions }).textStream, (piece) => piece),
    'tools over several steps': async (kind) => {
      const result = await ask(kind, { stopWhen: stepCountIs(5), tools: { weather: { inputSchema: jsonSchema(city), execute: async (input) => String(input.city) } } });
      called(result.steps.length);
      heard(result.text);
    },
    'structured output': async (kind) => filled(await ask(kind, { output: Output.object({ schema: jsonSchema(answer) }) }).then((result) => result.output, (e) => e.name === 'AI_NoObjectGeneratedError' ? null : Promise.reject(e))),
    'an image': async (kind) => sawIt((await ask(kind, { prompt: undefined, messages: [{ role: 'user', content: [{ type: 'text', text: say }, { type: 'image', image, mediaType: 'image/png' }] }] })).text),
    'leaving': (kind) => leaves(async (abortSignal) => { for await (const _ of streamText({ model: model(`${kind}-staying`), prompt: say, maxRetries: 0, abortSignal, onError() {} }).textStream); }),
    'an error': (kind) => objects(() => ask(`${kind}-objecting`), (e) => APICallError.isInstance(e) && e.statusCode === 400),
  };
}

// What an error of any client says: the body that it was made of, where it has one.
const told = (e) => {
  const status = e.status ?? e.statusCode;
  const body = e.error?.error ?? e.error ?? parsed(e.responseBody)?.error ?? {};
  return status ? { status, code: body.code ?? e.code, param: body.param ?? e.param, reason: body.message ?? e.message } : { reason: e.message };
};
// What fails without an answer of the gateway fails three times: on a busy machine pieces of a stream arrive together, and waits take longer than a client has patience.
const attempt = async (feature, kind) => {
  let seen;
  for (let tries = 0; tries < 3; tries++) {
    seen = await feature(kind).then(() => ({}), told);
    if (!seen.reason || seen.status) break;
  }
  return seen;
};

const results = await Promise.all(Object.entries(clients).map(async ([name, make]) => ({
  name,
  features: await Promise.all(Object.entries(make()).map(async ([feature, run]) => ({ feature, kinds: await Promise.all(kinds.map((kind) => attempt(run, kind))) }))),
})));
console.log(JSON.stringify(results));
process.exit(0);
