using System.Security.Cryptography;
using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Sessions;

/// <summary>
/// A world of sessions out of recorded outcomes. Lengths, tools and times are those of the world of agents; models, their prices and how they do are the data set's, and what their
/// providers keep is <see cref="PublishedModel"/>. Models that cannot hold a session's prompts are left out.
/// </summary>
internal static class RecordedWorld
{
    /// <summary>The parts whose sessions may be played.</summary>
    public static readonly IReadOnlyList<string> Parts = ["train", "val"];

    private const int LongestPrompt = 100_000;
    private const int MostTraining = 1000;

    /// <summary>Reads a data set. Rows of a split named test are never used.</summary>
    /// <param name="directory">Its directory.</param>
    /// <param name="part">One of <see cref="Parts"/>: rules are tuned on train and reported on val; tenants start with other rows of train.</param>
    /// <param name="embedder">The embedding model.</param>
    /// <param name="cancellationToken">Cancels between rows.</param>
    /// <exception cref="BadInputException">The data set has no prices, or fewer than two models that could serve a session.</exception>
    public static async Task<SessionWorld> ReadAsync(string directory, string part, IEmbedder embedder, CancellationToken cancellationToken)
    {
        var data = ReplayDatasetReader.Read(directory, null);
        var prices = DatasetDescription.Read(Path.Combine(directory, "meta.json"));
        int[] models =
        [
            .. Enumerable.Range(0, prices.Models.Count).Where(m =>
                prices.PricesPerMillion[m] is not null && PublishedModel.Find(prices.Models[m]) is { WindowTokens: >= LongestPrompt }),
        ];
        if (models.Length < 2)
        {
            throw new BadInputException($"--data: {directory} has {models.Length} models with prices whose prompts may have {LongestPrompt} tokens; sessions need at least 2.");
        }

        var rows = data.Rows.Where(row => row.Split != "test").ToLookup(row => PartOf(row, data.Splits));
        ReplayRow[] asked = [.. rows[part]];
        if (asked.Length == 0 || !rows["start"].Any())
        {
            throw new BadInputException($"--data: {directory} has no rows for {(asked.Length == 0 ? part : "tenants to start with")}.");
        }

        var topics = RecordedQuestions.ByTopic(asked);
        var world = SessionWorld.Of("agents") with
        {
            Name = $"{data.Name} {part}",
            Models =
            [
                .. models.Select(m => PublishedModel.Find(prices.Models[m])!.ToModel(
                    prices.Models[m], prices.PricesPerMillion[m]!.Value, [.. topics.Select(topic => topic.Average(row => row.Score[m]))])),
            ],
        };
        var training = await RecordedQuestions.TrainAsync([.. rows["start"].OrderBy(row => Hash(row.QueryId)).Take(MostTraining)], world, models, embedder, cancellationToken);
        return world with { Source = new RecordedQuestions(asked, training, models, embedder) };
    }

    // A half of what is there to train on starts tenants, the other one is for tuning. A set without parts of these names is halved first.
    private static string PartOf(ReplayRow row, IReadOnlyList<string> splits)
    {
        var hash = Hash(row.QueryId);
        var isVal = splits.Contains("train") && splits.Contains("val") ? row.Split == "val" : (hash & 1) == 1;
        return isVal ? "val" : (hash & 2) == 2 ? "train" : "start";
    }

    private static ulong Hash(string id) => BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
