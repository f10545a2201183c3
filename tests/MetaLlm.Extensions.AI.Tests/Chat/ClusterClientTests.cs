using MetaLlm.Extensions.AI.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Extensions.AI.Tests.Chat;

/// <summary>A worker without a silo and without a web server, which asks by way of a silo elsewhere.</summary>
[Collection(NodeGroup.Name)]
public sealed class ClusterClientTests(Node node)
{
    [Fact]
    public async Task A_client_of_the_cluster_routes_over_the_chat_clients_of_the_silo()
    {
        using var directory = new TemporaryDirectory();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("MetaLlm:role", "gateway"),
            new("MetaLlm:storage:path", directory.File("unused.db")),
            new("MetaLlm:cluster:siloPort", $"{node.Ports[0]}"),
            new("MetaLlm:cluster:gatewayPort", $"{node.Ports[1]}"),
            new("MetaLlm:upstreams:small:kind", "chat-client"),
            new("MetaLlm:upstreams:large:kind", "chat-client"),
            .. Node.Tenant(0, "afar", "small", "large"),
        ]);
        builder.AddMetaLlm();
        builder.Services.AddMetaLlmChatClient("afar", options => options.Directory = directory.File("feedback"));
        using var worker = builder.Build();
        await worker.StartAsync();

        var chat = worker.Services.GetRequiredService<IChatClient>();
        var response = await chat.GetResponseAsync("From afar");
        var decision = response.GetRoutingDecision()!;
        Assert.Equal($"{decision.Model} says: From afar", response.Text);
        Assert.Equal($"{decision.Model} says: And streamed", string.Concat(await chat.GetStreamingResponseAsync("And streamed", new ChatOptions { ModelId = decision.Model }).ToListAsync()));

        Assert.Equal(FeedbackStatus.Accepted, await worker.Services.GetRequiredService<IFeedbackClient>().SendAsync(Feedback.Thumb(decision.DecisionId, isUp: true)));
        Assert.Equal(1, (await node.SettledAsync("afar", decision.DecisionId)).Reward);
        await worker.StopAsync();
    }
}
