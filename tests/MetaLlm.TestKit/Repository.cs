namespace MetaLlm.TestKit;

/// <summary>The checkout that the tests run from.</summary>
public static class Repository
{
    private const string Solution = "MetaLlmOrleans.sln";

    /// <summary>Its folder, or null when the tests were copied elsewhere.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Its folder.</summary>
    /// <exception cref="DirectoryNotFoundException">The tests were copied elsewhere.</exception>
    public static string Root => Folder ?? throw new DirectoryNotFoundException($"No {Solution} above {AppContext.BaseDirectory}.");

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
