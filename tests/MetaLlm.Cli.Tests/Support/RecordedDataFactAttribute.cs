namespace MetaLlm.Cli.Tests.Support;

/// <summary>A test on recorded outcomes, which are not part of the repository: it is skipped where they are absent.</summary>
internal sealed class RecordedDataFactAttribute : FactAttribute
{
    private const string Variable = "METALLM_REPLAY_DATA";

    public RecordedDataFactAttribute(string dataset)
    {
        if (Locate(dataset) is null)
        {
            Skip = $"Recorded data are absent: {Variable} must name a directory with {dataset}/data.jsonl.";
        }
    }

    /// <summary>Directory of a data set, or null when it is absent.</summary>
    public static string? Locate(string dataset) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } root && File.Exists(Path.Combine(root, dataset, "data.jsonl"))
            ? Path.Combine(root, dataset)
            : null;
}
