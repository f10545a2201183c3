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
        Assert.Equal(Checkout.Read("samples/ChatClients/Program.cs"), Assert.Single(Checkout.Snippets("csharp", Checkout.ChatClients)));
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

    [Fact]
    public async Task Agents_of_both_frameworks_answer_by_way_of_the_routed_client()
    {
        using var folder = new TemporaryDirectory();
        await using var upstream = await FakeUpstream.StartAsync();
        using var app = await RunningApp.StartAsync(folder.Path, Checkout.Sample("Agents"), $"--OPENAI_BASE_URL={upstream.BaseAddress}");

        var agent = await app.GetAsync("/agent?question=What+is+six+times+seven%3F");
        Assert.Equal(FakeUpstream.Word, agent.GetProperty("text").GetString());
        Assert.Contains(agent.GetProperty("decision").GetProperty("model").GetString(), (string[])["small", "large"]);
        var kernel = await app.GetAsync("/kernel?question=And+eight+times+nine%3F");
        Assert.Equal(FakeUpstream.Word, kernel.GetProperty("text").GetString());
        Assert.Contains(kernel.GetProperty("modelId").GetString(), (string[])["small", "large"]);
        await app.StopAsync();
    }
}
