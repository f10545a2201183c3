using System.Text.Json;
using MetaLlm.Embeddings.Hashing;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class RecordedDataTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [RecordedDataFact("overruling")]
    public async Task The_references_of_overruling_are_the_published_ones()
    {
        var references = (await Oracle("overruling")).GetProperty("references");

        Assert.Equal(0.9505, references.GetProperty("bestSingle").GetProperty("reward").GetDouble(), 4);
        Assert.Equal(0.7419, references.GetProperty("random").GetProperty("reward").GetDouble(), 4);
        Assert.Equal(0.5139, references.GetProperty("cheapest").GetProperty("reward").GetDouble(), 4);
        Assert.Equal(0.9991, references.GetProperty("oracle").GetProperty("reward").GetDouble(), 4);
        Assert.Equal(0.0002246, references.GetProperty("oracle").GetProperty("cost").GetDouble(), 7);
    }

    [RecordedDataFact("zeroeval")]
    public void Recorded_tokens_times_prices_give_the_recorded_cost()
    {
        var dataset = ReplayDatasetReader.Read(Locate("zeroeval"), null);

        var pairs = dataset.Rows.SelectMany(row => row.CostUsd.Select((cost, arm) => (Cost: cost, Computed: dataset.Arms[arm].Prices.Cost(row.Usage[arm]))));
        Assert.True(pairs.Count(p => Math.Abs(p.Cost - p.Computed) > 1e-9) <= 1);
    }

    [RecordedDataFact("paretobandit_k3")]
    public async Task Four_owners_that_take_each_other_in_learn_as_one_does()
    {
        // Ten orders of 1,785 rows, from a cold start.
        var (one, four) = (await RegretAsync(1), await RegretAsync(4));
        var error = Math.Sqrt(((one.Deviation * one.Deviation) + (four.Deviation * four.Deviation)) / 10);
        Assert.True(Math.Abs(four.Mean - one.Mean) < 2 * error, $"Regret of one owner {one.Mean:F1}, of four {four.Mean:F1}; the standard error of the difference is {error:F1}.");
    }

    private static string Locate(string dataset) => Path.Combine(RecordedData.Directory!, dataset);

    private async Task<(double Mean, double Deviation)> RegretAsync(int shards)
    {
        var regret = (await ReplayAsync("paretobandit_k3", "--policy", "metallm", "--test", "val", "--seeds", "10", "--shards", $"{shards}")).GetProperty("regret");
        return (regret.GetProperty("mean").GetDouble(), regret.GetProperty("sd").GetDouble());
    }

    private Task<JsonElement> Oracle(string dataset) => ReplayAsync(dataset, "--policy", "oracle", "--seeds", "1");

    private async Task<JsonElement> ReplayAsync(string dataset, params string[] options)
    {
        var file = _directory.File("out.json");
        var run = await CliRun.Of(new HashingEmbedder(), ["replay", "--data", Locate(dataset), "--json", file, .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        return document.RootElement[0].Clone();
    }
}
