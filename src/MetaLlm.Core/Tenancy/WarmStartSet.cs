using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Tenancy;

/// <summary>Queries whose outcome is known for every arm, with what is needed to read them again later.</summary>
[GenerateSerializer, Immutable, Alias("metallm.warm-start-set")]
public sealed record WarmStartSet
{
    /// <summary>Fewest rows: below, there is nothing that could be told from chance.</summary>
    public const int FewestRows = 8;

    /// <summary>Most rows.</summary>
    public const int MostRows = 50_000;

    /// <summary>Longest task tag, in characters.</summary>
    public const int LongestTask = 256;

    /// <summary>Identity of the model that made the embeddings.</summary>
    [Id(0)]
    public required string EmbeddingModelId { get; init; }

    /// <summary>Ids of the arms, in the order of the rows' outcomes; unique. There may be more than the tenant has.</summary>
    [Id(1)]
    public required IReadOnlyList<string> ArmIds { get; init; }

    /// <summary>The rows, <see cref="FewestRows"/> to <see cref="MostRows"/>.</summary>
    [Id(2)]
    public required IReadOnlyList<WarmStartQuery> Rows { get; init; }

    /// <summary>Whether the outcome of each of these arms is in the rows.</summary>
    internal bool Knows(IReadOnlyList<Arm> arms) => arms.All(arm => ArmIds.Contains(arm.Id, StringComparer.Ordinal));

    /// <summary>Whether any outcome of any of these arms is in the rows.</summary>
    internal bool TellsOf(IReadOnlyList<Arm> arms)
    {
        int[] columns = [.. Enumerable.Range(0, ArmIds.Count).Where(c => arms.Any(arm => arm.Id == ArmIds[c]))];
        return Rows.Any(row => columns.Any(c => !double.IsNaN(row.Rewards[c])));
    }

    /// <summary>The rows of a set that was checked, with their outcomes in the order of a tenant's arms; where it does not know an arm, the reward is NaN.</summary>
    internal IReadOnlyList<WarmStartQuery> RowsOf(IReadOnlyList<Arm> arms)
    {
        string[] known = [.. ArmIds];
        var columns = arms.Select(arm => Array.IndexOf(known, arm.Id)).ToArray();
        return [.. Rows.Select(row => new WarmStartQuery(
            row.Features, Of(row.Rewards, double.NaN), Of(row.Usage, default), Of(row.CostUsd, double.NaN), Of(row.LatencySeconds, double.NaN)))];

        T[] Of<T>(T[] values, T unknown) => Array.ConvertAll(columns, c => c < 0 ? unknown : values[c]);
    }
}
