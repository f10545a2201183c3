using System.Globalization;
using MetaLlm.TestKit;

namespace MetaLlm.Packages.Tests;

/// <summary>The packages of this build in a folder, under a version that no cache has.</summary>
public sealed class PackedFeed : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly TemporaryDirectory _unpacked = new();

    public string Folder => _folder.Path;

    /// <summary>Where applications unpack packages: once for all of them.</summary>
    public string Unpacked => _unpacked.Path;

    public string Suffix { get; } = "test." + DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture);

    internal IReadOnlyList<Package> Packages { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var (code, output) = await DotNet.RunAsync(
            Checkout.Root, "pack", "MetaLlmOrleans.sln", "-c", Checkout.Configuration, "--no-build", "-o", Folder, $"-p:VersionSuffix={Suffix}");
        Assert.True(code == 0, output);
        Packages = [.. Directory.EnumerateFiles(Folder, "*.nupkg").Order(StringComparer.Ordinal).Select(Package.Read)];
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _folder.Dispose();
        _unpacked.Dispose();
    }
}
