using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;
using MetaLlm.Embeddings.Reductions;
using MetaLlm.ModelTool.Reductions;

namespace MetaLlm.ModelTool;

/// <summary>Prints the figures that the decision for a model rests on.</summary>
internal static class MeasureCommand
{
    private const int WarmUps = 20;

    public static async Task<int> RunAsync(DirectoryInfo directory, FileInfo textsFile, DirectoryInfo? reference, CancellationToken cancellationToken)
    {
        var texts = JsonSerializer.Deserialize<string[]>(await File.ReadAllBytesAsync(textsFile.FullName, cancellationToken))!;
        var model = EmbeddingModel.Load(directory.FullName);
        using var embedder = new OnnxEmbedder(model, Environment.ProcessorCount);
        Console.WriteLine($"{model.Info.Id}: {texts.Length} texts, mean {texts.Average(text => model.Tokenizer.Encode(text).Length):F1} tokens, {Environment.ProcessorCount} threads");

        var single = await MeasureSingleAsync(embedder, texts, cancellationToken);
        await MeasureConcurrentAsync(embedder, texts, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        var batch = await embedder.EmbedBatchAsync(texts, cancellationToken);
        Console.WriteLine($"one batch call: {texts.Length / Stopwatch.GetElapsedTime(start).TotalSeconds:F0} texts/s");
        Console.WriteLine($"largest difference between single and batch: {single.Zip(batch).Max(pair => LargestDifference(pair.First, pair.Second)):E1}");
        if (reference is not null)
            await CompareAsync(single, texts, reference, cancellationToken);
        await MeasureReductionsAsync(embedder, model, single, cancellationToken);
        return 0;
    }

    private static async Task<float[][]> MeasureSingleAsync(OnnxEmbedder embedder, string[] texts, CancellationToken cancellationToken)
    {
        foreach (var text in texts.Take(WarmUps))
            await embedder.EmbedAsync(text, cancellationToken);

        var vectors = new float[texts.Length][];
        var milliseconds = new double[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            vectors[i] = await embedder.EmbedAsync(texts[i], cancellationToken);
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        Console.WriteLine($"one after another: p50 {milliseconds[texts.Length / 2]:F2} ms, p95 {milliseconds[texts.Length * 95 / 100]:F2} ms, p99 {milliseconds[texts.Length * 99 / 100]:F2} ms");
        return vectors;
    }

    private static async Task MeasureConcurrentAsync(OnnxEmbedder embedder, string[] texts, CancellationToken cancellationToken)
    {
        foreach (var callers in new[] { 2, 16, 64 })
        {
            var start = Stopwatch.GetTimestamp();
            var options = new ParallelOptions { MaxDegreeOfParallelism = callers, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(texts, options, async (text, cancelled) => await embedder.EmbedAsync(text, cancelled));
            Console.WriteLine($"{callers} callers at once: {texts.Length / Stopwatch.GetElapsedTime(start).TotalSeconds:F0} texts/s");
        }
    }

    private static async Task CompareAsync(float[][] vectors, string[] texts, DirectoryInfo reference, CancellationToken cancellationToken)
    {
        using var original = new OnnxEmbedder(EmbeddingModel.Load(reference.FullName), Environment.ProcessorCount);
        var expected = await original.EmbedBatchAsync(texts, cancellationToken);
        var cosines = vectors.Zip(expected, (vector, other) => TensorPrimitives.CosineSimilarity(vector, other)).Order().ToArray();
        Console.WriteLine($"cosine to {original.Model.Id}: least {cosines[0]:F5}, p1 {cosines[cosines.Length / 100]:F5}, median {cosines[cosines.Length / 2]:F5}");
    }

    private static async Task MeasureReductionsAsync(OnnxEmbedder embedder, EmbeddingModel model, float[][] vectors, CancellationToken cancellationToken)
    {
        var own = model.Info.Reduction;
        var outputs = own.OutputDimensions;
        var variance = new ExplainedVariance(vectors);
        var templates = PrincipalComponents.Fit(await embedder.EmbedBatchAsync(TemplateSentences.All(), cancellationToken), outputs);
        Console.WriteLine($"share of the variance kept in {outputs} dimensions: best possible {variance.Best(outputs):P1}, template sentences {variance.Of(templates.Rows):P1}, random {variance.Of(RandomRows(own.InputDimensions, outputs)):P1}");
        if (model.Manifest.Tokenizer.Kind == TokenizerKind.Unigram)
        {
            var vocabulary = PrincipalComponents.Fit(await embedder.EmbedBatchAsync(VocabularyTexts(model), cancellationToken), outputs);
            Console.WriteLine($"  vocabulary pieces {variance.Of(vocabulary.Rows):P1}");
        }

        var reduced = vectors.Select(vector =>
        {
            var result = new float[outputs];
            own.Apply(vector, result);
            return result;
        }).ToArray();
        var first = reduced.Select(result => (double)result[0]).ToArray();
        var mean = first.Average();
        Console.WriteLine($"{own.Id}: first output has mean {mean:F2} and sd {Math.Sqrt(first.Average(value => (value - mean) * (value - mean))):F2}; largest output {reduced.Max(result => TensorPrimitives.MaxMagnitude(result)):F2}");
    }

    private static float[] RandomRows(int inputs, int outputs)
    {
        // Column by column through the public map: it is linear, and scaled by the square root of its inputs.
        var reduction = SeededReduction.Create(inputs, outputs);
        var rows = new float[inputs * outputs];
        var unit = new float[inputs];
        var column = new float[outputs];
        for (var i = 0; i < inputs; i++)
        {
            unit[i] = 1;
            reduction.Apply(unit, column);
            unit[i] = 0;
            for (var j = 0; j < outputs; j++)
                rows[j * inputs + i] = column[j] / MathF.Sqrt(inputs);
        }

        return rows;
    }

    private static string[] VocabularyTexts(EmbeddingModel model)
    {
        var path = Path.Combine(model.ModelDirectory, model.Manifest.Tokenizer.File);
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.EnumerateArray().Skip(model.Manifest.Tokenizer.ReservedPieces).Select(piece => piece[0].GetString()!.Replace('\u2581', ' ').Trim())];
    }

    private static float LargestDifference(float[] one, float[] other)
    {
        var difference = new float[one.Length];
        TensorPrimitives.Subtract(one, other, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude(difference));
    }
}
