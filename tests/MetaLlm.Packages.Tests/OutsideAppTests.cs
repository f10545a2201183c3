using MetaLlm.TestKit;
using Xunit.Sdk;

namespace MetaLlm.Packages.Tests;

/// <summary>An application that knows nothing of this repository: it has README and the packages.</summary>
public sealed class OutsideAppTests(PackedFeed feed) : IClassFixture<PackedFeed>
{
    [Fact]
    public void Packages_say_what_they_are_and_agree_on_their_version()
    {
        Assert.Equal(
            ["MetaLlm", "MetaLlm.Aspire.Client", "MetaLlm.Aspire.Hosting", "MetaLlm.Console", "MetaLlm.Core", "MetaLlm.Embeddings", "MetaLlm.Engine", "MetaLlm.Engine.Orleans", "MetaLlm.Evaluation", "MetaLlm.Extensions.AI", "MetaLlm.Gateway", "MetaLlm.Providers", "MetaLlm.Storage"],
            feed.Packages.Select(p => p.Id).Order(StringComparer.Ordinal));
        var version = Assert.Single(feed.Packages.Select(p => p.Version).Distinct());
        Assert.EndsWith("-" + feed.Suffix, version, StringComparison.Ordinal);
        Assert.All(feed.Packages, p =>
        {
            Assert.Equal("MIT", p.Licence);
            Assert.NotEqual("Package Description", p.Description);
            Assert.Superset(new HashSet<string> { "README.md", "THIRD-PARTY-NOTICES.md", $"lib/net10.0/{p.Id}.dll", $"lib/net10.0/{p.Id}.xml" }, p.Files);
            Assert.All(p.Dependencies.Where(d => d.Key.StartsWith("MetaLlm", StringComparison.Ordinal)), d => Assert.Equal(version, d.Value));
            Assert.True(File.Exists(Path.Combine(feed.Folder, $"{p.Id}.{version}.snupkg")), $"{p.Id} has no symbols.");
        });
        var model = feed.Packages.Single(p => p.Id == "MetaLlm.Embeddings").Files.Where(f => f.StartsWith("models/", StringComparison.Ordinal));
        Assert.Equal(
            Directory.EnumerateFiles(Path.Combine(Checkout.Root, "models"), "*", SearchOption.AllDirectories)
                .Select(f => Path.GetRelativePath(Checkout.Root, f).Replace('\\', '/'))
                .Order(StringComparer.Ordinal),
            model.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_strangers_application_builds_starts_chats_and_learns()
    {
        using var folder = new TemporaryDirectory();
        await using var upstream = await FakeUpstream.StartAsync();
        var app = await BuildAsync(folder, Checkout.Snippets("csharp")[0], ("MetaLlm", feed.Packages[0].Version));
        await WriteAsync(app, "appsettings.json", Story.Settings(Checkout.Snippets("json")[0], upstream.BaseAddress));
        await Story.PlayAsync(app, Path.Combine(app, "out", "Stranger.dll"));
    }

    [Fact]
    public async Task A_strangers_application_routes_over_two_of_its_chat_clients_with_five_lines()
    {
        using var folder = new TemporaryDirectory();
        await using var upstream = await FakeUpstream.StartAsync();
        var program = Assert.Single(Checkout.Snippets("csharp", Checkout.ChatClients));
        Assert.Equal(5, program.Split('\n').Count(line => line.StartsWith("builder.", StringComparison.Ordinal) || line.StartsWith("app.Map", StringComparison.Ordinal)));
        var app = await BuildAsync(folder, program, ("MetaLlm.Extensions.AI", feed.Packages[0].Version), ("Microsoft.Extensions.AI.OpenAI", Checkout.PackageVersion("Microsoft.Extensions.AI.OpenAI")));
        await Story.AskAndVoteAsync(app, Path.Combine(app, "out", "Stranger.dll"), upstream.BaseAddress);
    }

    /// <summary>Writes an application, restores its packages and builds it.</summary>
    /// <returns>Its folder; the program is in <c>out</c>.</returns>
    private async Task<string> BuildAsync(TemporaryDirectory folder, string program, params (string Id, string Version)[] packages)
    {
        var app = Directory.CreateDirectory(folder.File("app")).FullName;
        await WriteAsync(app, "NuGet.config", $"""
            <configuration>
              <config>
                <add key="globalPackagesFolder" value="{feed.Unpacked}" />
              </config>
              <fallbackPackageFolders>
                <add key="machine" value="{await DotNet.GlobalPackagesAsync()}" />
              </fallbackPackageFolders>
              <packageSources>
                <add key="just-packed" value="{feed.Folder}" />
              </packageSources>
            </configuration>
            """);
        await WriteAsync(app, "Stranger.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk.Web">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                {string.Concat(packages.Select(package => $"""<PackageReference Include="{package.Id}" Version="{package.Version}" />"""))}
              </ItemGroup>
            </Project>
            """);
        await WriteAsync(app, "Program.cs", program);

        var (code, output) = await DotNet.RunAsync(app, "restore");
        if (output.Contains("NU1301", StringComparison.Ordinal))
        {
            throw SkipException.ForSkip("A package source cannot be reached: " + output);
        }

        Assert.True(code == 0, output);
        (code, output) = await DotNet.RunAsync(app, "build", "--no-restore", "-c", "Release", "-o", "out");
        Assert.True(code == 0, output);
        return app;
    }

    private static Task WriteAsync(string folder, string name, string text) => File.WriteAllTextAsync(Path.Combine(folder, name), text);
}
