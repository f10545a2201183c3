using MetaLlm.TestKit;

namespace MetaLlm.Packages.Tests;

/// <summary>README quotes samples that compile and run.</summary>
public sealed class SampleTests
{
    [Fact]
    public void README_quotes_the_samples()
    {
        Assert.Equal(
            [Checkout.Read("samples/CoHostedSilo/Program.cs"), Checkout.Read("samples/Cluster/Program.cs")],
            Checkout.Snippets("csharp"));
        Assert.Equal(Checkout.Read("samples/CoHostedSilo/appsettings.json"), Assert.Single(Checkout.Snippets("json")));
    }

    [Fact]
    public async Task The_co_hosted_silo_answers_learns_and_remembers()
    {
        using var folder = new TemporaryDirectory();
        await using var upstream = await FakeUpstream.StartAsync();
        await File.WriteAllTextAsync(folder.File("appsettings.json"), Story.Settings(Checkout.Read("samples/CoHostedSilo/appsettings.json"), upstream.BaseAddress));

        await Story.PlayAsync(folder.Path, Checkout.Sample("CoHostedSilo"));
    }
}
