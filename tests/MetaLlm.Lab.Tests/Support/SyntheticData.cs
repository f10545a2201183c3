using System.Text.Json;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Tests.Support;

/// <summary>Data sets that tests write: recorded ones are not part of the repository.</summary>
internal static class SyntheticData
{
    /// <summary>
    /// A world with something to learn: plain questions, which every model answers, and programming tasks, which only the dear
    /// models answer. The tasks show on the surface of the text. Splits: a third each of train, val and test.
    /// </summary>
    public static void WriteLearnableWorld(string directory, int rows)
    {
        string[] models = ["small", "medium", "large"];
        double[] cost = [0.0001, 0.001, 0.01];
        double[][] skill = [[0.9, 0.92, 0.93], [0.15, 0.5, 0.95]];
        WriteMeta(directory, models);
        var lines = Enumerable.Range(0, rows).Select(i =>
        {
            var hard = CounterRandom.Uniform(1, (ulong)i) < 0.5 ? 1 : 0;
            var text = hard == 1
                ? $"def f{i}(x):\n    return {i * 17} + x[{i}];\nWhat does f{i}({i * 3}) return when x = [1, 2, 3]?"
                : $"Please tell me about the city number {(char)('a' + (i % 26))} and its old streets";
            double Noise(int model, ulong stream) => CounterRandom.Uniform(stream + (ulong)model, (ulong)i);
            return JsonSerializer.Serialize(new
            {
                query_id = $"q{i}",
                task = hard == 1 ? "code" : "chat",
                query_text = text,
                split = (i % 3) switch { 0 => "train", 1 => "val", _ => "test" },
                score = models.Select((_, m) => Noise(m, 10) < skill[hard][m] ? 1.0 : 0.0),
                cost_usd = cost.Select((c, m) => c * (0.8 + (0.4 * Noise(m, 20)))),
            });
        });
        WriteRows(directory, lines);
    }

    public static void WriteMeta(string directory, string[] models, Dictionary<string, double[]>? prices = null) =>
        File.WriteAllText(
            Path.Combine(directory, "meta.json"),
            JsonSerializer.Serialize(new { name = "synthetic", models, model_prices_usd_per_million = prices }));

    public static void WriteRows(string directory, IEnumerable<string> lines) =>
        File.WriteAllText(Path.Combine(directory, "data.jsonl"), string.Concat(lines.Select(l => l + "\n")));

    /// <summary>One row with scores and costs.</summary>
    public static string Row(string id, double[] score, double[] cost, string? split = null) =>
        JsonSerializer.Serialize(new { query_id = id, task = "t", query_text = $"text of {id}", split, score, cost_usd = cost });
}
