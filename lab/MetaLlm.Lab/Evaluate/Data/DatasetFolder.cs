using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Evaluate.Data;

/// <summary>Finds recorded data sets.</summary>
internal static class DatasetFolder
{
    private static readonly string[] Purposes = ["train", "val", "test", "dev", "validation"];

    /// <summary>Reads every data set of a directory: itself when it is one, else its subdirectories that are, by name.</summary>
    /// <exception cref="BadInputException">There is none, or one is malformed.</exception>
    public static IReadOnlyList<ReplayDataset> Read(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new BadInputException($"--data: there is no directory {directory}.");
        }

        string[] found = IsDataset(directory) ? [directory] : [.. Directory.GetDirectories(directory).Where(IsDataset).Order(StringComparer.Ordinal)];
        return found.Length > 0
            ? [.. found.Select(d => ReplayDatasetReader.Read(d, null))]
            : throw new BadInputException($"--data: neither {directory} nor a directory in it holds meta.json and data.jsonl.");
    }

    /// <summary>Whether the parts of a data set are there to train and to test, rather than phases of a service.</summary>
    public static bool HasSplits(ReplayDataset dataset) => dataset.Splits.Contains("train") && dataset.Splits.Contains("test");

    /// <summary>Whether the parts of a data set are phases.</summary>
    public static bool HasPhases(ReplayDataset dataset) =>
        dataset.Splits.Count > 1 && !dataset.Splits.Intersect(Purposes).Any() && dataset.Rows.All(r => r.Split is not null);

    private static bool IsDataset(string directory) =>
        File.Exists(Path.Combine(directory, "meta.json")) && File.Exists(Path.Combine(directory, "data.jsonl"));
}
