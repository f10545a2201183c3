using System.Diagnostics;
using System.Numerics.Tensors;
using System.Text.Json;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;

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
        var start = Start();
        var batch = await embedder.EmbedBatchAsync(texts, cancellationToken);
        Report("one batch call", texts.Length, start);
        Console.WriteLine($"largest difference between single and batch: {single.Zip(batch).Max(pair => LargestDifference(pair.First, pair.Second)):E1}");
        if (reference is not null)
        {
            await CompareAsync(single, texts, reference, cancellationToken);
        }

        return 0;
    }

    private static async Task<float[][]> MeasureSingleAsync(OnnxEmbedder embedder, string[] texts, CancellationToken cancellationToken)
    {
        foreach (var text in texts.Take(WarmUps))
        {
            await embedder.EmbedAsync(text, cancellationToken);
        }

        var vectors = new float[texts.Length][];
        var milliseconds = new double[texts.Length];
        var begin = Start();
        for (var i = 0; i < texts.Length; i++)
        {
            var start = Stopwatch.GetTimestamp();
            vectors[i] = await embedder.EmbedAsync(texts[i], cancellationToken);
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Report("one after another", texts.Length, begin);
        Array.Sort(milliseconds);
        Console.WriteLine($"  p50 {milliseconds[texts.Length / 2]:F2} ms, p95 {milliseconds[texts.Length * 95 / 100]:F2} ms, p99 {milliseconds[texts.Length * 99 / 100]:F2} ms");
        return vectors;
    }

    private static async Task MeasureConcurrentAsync(OnnxEmbedder embedder, string[] texts, CancellationToken cancellationToken)
    {
        foreach (var callers in new[] { 2, 16, 64 })
        {
            var start = Start();
            var options = new ParallelOptions { MaxDegreeOfParallelism = callers, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(texts, options, async (text, cancelled) => await embedder.EmbedAsync(text, cancelled));
            Report($"{callers} callers at once", texts.Length, start);
        }
    }

    private static async Task CompareAsync(float[][] vectors, string[] texts, DirectoryInfo reference, CancellationToken cancellationToken)
    {
        using var original = new OnnxEmbedder(EmbeddingModel.Load(reference.FullName), Environment.ProcessorCount);
        var expected = await original.EmbedBatchAsync(texts, cancellationToken);
        var cosines = vectors.Zip(expected, (vector, other) => TensorPrimitives.CosineSimilarity(vector, other)).Order().ToArray();
        Console.WriteLine($"cosine to {original.Model.Id}: least {cosines[0]:F5}, p1 {cosines[cosines.Length / 100]:F5}, median {cosines[cosines.Length / 2]:F5}");
    }

    private static (long Wall, TimeSpan Cpu) Start() => (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);

    /// <summary>Processor time tells how much work a text is also where other processes share the cores.</summary>
    private static void Report(string what, int texts, (long Wall, TimeSpan Cpu) start) => Console.WriteLine(
        $"{what}: {texts / Stopwatch.GetElapsedTime(start.Wall).TotalSeconds:F0} texts/s, {(Environment.CpuUsage.TotalTime - start.Cpu).TotalMilliseconds / texts:F2} ms of processor time a text");

    private static float LargestDifference(float[] one, float[] other)
    {
        var difference = new float[one.Length];
        TensorPrimitives.Subtract(one, other, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude(difference));
    }
}
