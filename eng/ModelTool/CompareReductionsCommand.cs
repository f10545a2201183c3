using System.Numerics.Tensors;
using System.Text.Json;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;
using MetaLlm.Embeddings.Reductions;
using MetaLlm.ModelTool.Reductions;

namespace MetaLlm.ModelTool;

/// <summary>Prints how much of the variance of real texts the candidates for a model's reduction keep.</summary>
internal static class CompareReductionsCommand
{
    private const int Outputs = 32;
    private const int WordsPerTemplate = 100;

    public static async Task<int> RunAsync(DirectoryInfo directory, FileInfo textsFile, CancellationToken cancellationToken)
    {
        var texts = JsonSerializer.Deserialize<string[]>(await File.ReadAllBytesAsync(textsFile.FullName, cancellationToken))!;
        var model = EmbeddingModel.Load(directory.FullName);
        using var embedder = new OnnxEmbedder(model, Environment.ProcessorCount);
        var vectors = await embedder.EmbedBatchAsync(texts, cancellationToken);
        var variance = new ExplainedVariance(vectors);
        Console.WriteLine($"{texts.Length} texts, share of their variance in {Outputs} dimensions: {variance.Best(Outputs):P1} at best");
        Console.WriteLine($"  random directions {variance.Of(RandomRows(model.Info.Dimensions)):P1}");

        var words = VocabularyWords.Read(model);
        var vocabulary = await embedder.EmbedBatchAsync(words, cancellationToken);
        var topics = await embedder.EmbedBatchAsync(TemplateSentences.WithTopics(), cancellationToken);
        var filled = await embedder.EmbedBatchAsync(TemplateSentences.WithWords(words, WordsPerTemplate), cancellationToken);
        void Print(string name, IReadOnlyList<float[]> sample) =>
            Console.WriteLine($"  {name} ({sample.Count}) {variance.Of(PrincipalComponents.Fit(sample, Outputs).Rows):P1}");
        Print("words of the vocabulary", vocabulary);
        Print("templates with topics", topics);
        Print("templates with words of the vocabulary", filled);
        Print("templates with topics and with words", [.. topics, .. filled]);
        Print("templates with topics and with words, and the words", [.. topics, .. filled, .. vocabulary]);
        PrintOutputs(model, vectors);
        return 0;
    }

    private static void PrintOutputs(EmbeddingModel model, IReadOnlyList<float[]> vectors)
    {
        var reduction = model.Info.Reduction;
        var outputs = vectors.Select(vector =>
        {
            var output = new float[reduction.OutputDimensions];
            reduction.Apply(vector, output);
            return output;
        }).ToArray();
        var first = outputs.Select(output => (double)output[0]).ToArray();
        var mean = first.Average();
        var deviation = Math.Sqrt(first.Average(value => (value - mean) * (value - mean)));
        Console.WriteLine($"{reduction.Id}: first output has mean {mean:F2} and standard deviation {deviation:F2}; outputs reach from {outputs.Min(output => TensorPrimitives.Min(output)):F2} to {outputs.Max(output => TensorPrimitives.Max(output)):F2}");
    }

    /// <summary>The seeded directions, read off the map: it is linear, and scaled by the square root of its inputs.</summary>
    private static float[] RandomRows(int inputs)
    {
        var reduction = SeededReduction.Create(inputs, Outputs);
        var rows = new float[inputs * Outputs];
        var unit = new float[inputs];
        var column = new float[Outputs];
        for (var i = 0; i < inputs; i++)
        {
            unit[i] = 1;
            reduction.Apply(unit, column);
            unit[i] = 0;
            for (var j = 0; j < Outputs; j++)
            {
                rows[j * inputs + i] = column[j] / MathF.Sqrt(inputs);
            }
        }

        return rows;
    }
}
