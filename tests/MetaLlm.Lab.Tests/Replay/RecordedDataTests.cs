using System.Text.Json;
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

    private static string Locate(string dataset) => Path.Combine(RecordedData.Directory!, dataset);

    private async Task<JsonElement> Oracle(string dataset)
    {
        var file = _directory.File("out.json");
        var run = await CliRun.Of(null, "replay", "--data", Locate(dataset), "--policy", "oracle", "--seeds", "1", "--json", file);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        return document.RootElement[0].Clone();
    }
}
