using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Replay.Made;

/// <summary>Data sets that are made instead of recorded: <c>--data made:NAME</c>.</summary>
internal static class MadeDatasets
{
    private const string Prefix = "made:";

    private static readonly Dictionary<string, Func<ReplayDataset>> Makers = new(StringComparer.Ordinal)
    {
        ["languages"] = LanguagesDataset.Create,
    };

    /// <summary>Makes or reads a data set.</summary>
    /// <param name="source">A directory, or the prefix and a name.</param>
    /// <param name="arms">Arms in play; null for all.</param>
    /// <param name="judges">Two judges of recorded data; null for the score.</param>
    /// <exception cref="BadInputException">There is none, or it cannot be used so.</exception>
    public static ReplayDataset Open(string source, IReadOnlyList<string>? arms, DatasetJudges? judges)
    {
        if (!source.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return ReplayDatasetReader.Read(source, arms, judges);
        }

        if (!Makers.TryGetValue(source[Prefix.Length..], out var make))
        {
            throw new BadInputException($"--data: there is no made data set '{source[Prefix.Length..]}'; there is {string.Join(", ", Makers.Keys)}.");
        }

        return arms is null && judges is null ? make() : throw new BadInputException("--data: a made data set is played with all its models and its own scores, without --arms and --judges.");
    }
}
