namespace MetaLlm.TestKit;

/// <summary>Where recorded data lies, if it is on this machine.</summary>
public static class RecordedData
{
    /// <summary>Name of the environment variable that names the directory.</summary>
    public const string Variable = "METALLM_DATA";

    /// <summary>The directory, or null: the variable's, else <c>../shared/data</c> beside the repository.</summary>
    public static string? Directory { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return System.IO.Directory.Exists(named) ? Path.GetFullPath(named) : null;
        }

        if (Repository.Folder is not { } repository)
        {
            return null;
        }

        var beside = Path.Combine(repository, "..", "shared", "data");
        return System.IO.Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
    }
}
