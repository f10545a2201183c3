namespace MetaLlm.TestKit;

/// <summary>A test that needs recorded data; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RecordedDataFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    /// <param name="neededFolder">A folder under the data directory that the test reads; null for the directory itself.</param>
    public RecordedDataFactAttribute(string? neededFolder = null)
    {
        NeededFolder = neededFolder;
        if (RecordedData.Directory is not { } directory)
        {
            Skip = $"No recorded data: set {RecordedData.Variable} to its directory.";
        }
        else if (neededFolder is not null && !Directory.Exists(Path.Combine(directory, neededFolder)))
        {
            Skip = $"No recorded data '{neededFolder}' in the data directory.";
        }
    }

    /// <summary>The folder that the test reads.</summary>
    public string? NeededFolder { get; }
}
