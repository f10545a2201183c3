namespace MetaLlm.Chaos.Cluster;

/// <summary>The wall clock of a host, which can be set ahead. What measures elapsed time is left alone, as when a time server is wrong.</summary>
/// <remarks>
/// A library of a few lines of C, which is compiled here and preloaded into the host. libfaketime would do the same, but it takes waits by the
/// monotonic clock over as well, and under .NET these then return at once (0.9.10).
/// </remarks>
internal sealed class WallClock
{
    private const string Compiler = "cc";
    private const string Source = "MetaLlm.Chaos.Cluster.wallclock.c";

    private readonly string _library;
    private readonly string _file;

    /// <param name="library">What <see cref="CompileAsync"/> made.</param>
    /// <param name="file">File that says how far ahead the clock is.</param>
    public WallClock(string library, string file)
    {
        _library = library;
        _file = file;
        Shift(TimeSpan.Zero);
    }

    /// <summary>Why clocks cannot be set here; null where they can.</summary>
    public static string? Unavailable { get; } =
        !OperatingSystem.IsLinux() ? "it needs Linux" : Shell.Has(Compiler) ? null : $"there is no C compiler '{Compiler}' on the PATH";

    /// <summary>Variables that make a process follow this clock.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment => [new("LD_PRELOAD", _library), new("WALLCLOCK_FILE", _file)];

    /// <summary>Makes the library.</summary>
    /// <param name="directory">Where.</param>
    /// <returns>Its path.</returns>
    public static async Task<string> CompileAsync(string directory)
    {
        var source = Path.Combine(directory, "wallclock.c");
        var library = Path.Combine(directory, "wallclock.so");
        await using (var code = typeof(WallClock).Assembly.GetManifestResourceStream(Source)!)
        {
            await using var file = File.Create(source);
            await code.CopyToAsync(file);
        }

        await Shell.RunAsync(Compiler, "-shared", "-fPIC", "-O2", "-o", library, source, "-ldl");
        return library;
    }

    /// <summary>Sets the clock so far ahead of the true time, or back to it. It holds at once.</summary>
    public void Shift(TimeSpan ahead)
    {
        // The process has the file in its memory: the same file must stay, and all eight bytes change in one write.
        using var file = new FileStream(_file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(BitConverter.GetBytes((long)ahead.TotalSeconds));
    }
}
