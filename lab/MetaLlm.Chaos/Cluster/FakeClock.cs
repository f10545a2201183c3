using System.Globalization;

namespace MetaLlm.Chaos.Cluster;

/// <summary>Sets the wall clock of a host by libfaketime; what measures elapsed time is left alone.</summary>
internal sealed class FakeClock
{
    private static readonly string[] Folders = ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime", "/usr/lib/faketime"];

    private readonly string _file;

    /// <param name="file">File that says what time it is.</param>
    public FakeClock(string file)
    {
        _file = file;
        Shift(TimeSpan.Zero);
    }

    /// <summary>The library; null where it is not installed.</summary>
    public static string? Library => Folders.Select(folder => Path.Combine(folder, "libfaketimeMT.so.1")).FirstOrDefault(File.Exists);

    /// <summary>Variables that make a process follow this clock.</summary>
    public IEnumerable<KeyValuePair<string, string>> Environment =>
    [
        new("LD_PRELOAD", Library!),
        new("FAKETIME_TIMESTAMP_FILE", _file),
        new("FAKETIME_CACHE_DURATION", "1"),
        new("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        new("DONT_FAKE_MONOTONIC", "1"),
        new("NO_FAKE_STAT", "1"),
    ];

    /// <summary>Sets the clock so far ahead of the true time, or back to it. The process notices within about a second.</summary>
    public void Shift(TimeSpan ahead)
    {
        // Replaced whole: a reader never sees half a file.
        var next = $"{_file}.next";
        System.IO.File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"+{ahead.TotalSeconds:0}\n"));
        System.IO.File.Move(next, _file, overwrite: true);
    }
}
