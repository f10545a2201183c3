using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Guardrails;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Extensions.AI.Tests.Support;

/// <summary>An application with a silo in it, whose models are chat clients of its own. All classes of the collection share it; each has tenants of its own.</summary>
public sealed class Node : IAsyncLifetime, IDisposable
{
    /// <summary>Tenants that route over <see cref="Small"/> and <see cref="Large"/> as the one that is named in code does.</summary>
    private static readonly string[] Alike = ["streams", "functions", "forms", "votes", "browsers", "aborts", "pins"];

    private readonly TemporaryDirectory _directory = new();
    private WebApplication _app = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>Ports of the silo: for other silos, and for clients.</summary>
    public int[] Ports { get; } = FreePorts.Find(2);

    public Uri Address => new(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    /// <summary>What the models answer, unless a test says otherwise for its own question.</summary>
    internal FakeChatClient Small { get; } = new((messages, options) => Scripts.Answer("small", messages, options));

    internal FakeChatClient Large { get; } = new((messages, options) => Scripts.Answer("large", messages, options));

    private ITenantEngine Engine => Services.GetRequiredService<ITenantEngine>();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("MetaLlm:storage:path", _directory.File("node.db")),
            new("MetaLlm:embeddings:modelDirectory", "no-model-so-that-words-are-hashed"),
            new("MetaLlm:embeddings:allowHashingFallback", "true"),
            new("MetaLlm:cluster:siloPort", $"{Ports[0]}"),
            new("MetaLlm:cluster:gatewayPort", $"{Ports[1]}"),
            new("MetaLlm:upstreams:failing:kind", "chat-client"),
            new("MetaLlm:upstreams:objecting:kind", "chat-client"),
            .. Alike.Index().SelectMany(one => Tenant(one.Index, one.Item, "small", "large")),
            .. Tenant(Alike.Length, "poor", "small"),
            new($"MetaLlm:tenants:{Alike.Length}:budget:hardCapUsd", "0.000001"),
            .. Tenant(Alike.Length + 1, "broken", "failing"),
            .. Tenant(Alike.Length + 2, "refused", "objecting"),
            .. Tenant(Alike.Length + 3, "limited", "small"),
            new($"MetaLlm:tenants:{Alike.Length + 3}:limits:requestsPerMinute", "1"),
            .. Tenant(Alike.Length + 4, "guarded", "small"),
            new("MetaLlm:guardrails:house:kind", "service"),
            new($"MetaLlm:tenants:{Alike.Length + 4}:guardrails:request:0", "house"),
            new($"MetaLlm:tenants:{Alike.Length + 4}:guardrails:answer:0", "house"),
            new($"MetaLlm:tenants:{Alike.Length + 4}:requestLog:enabled", "true"),
        ]);
        builder.Services.AddKeyedSingleton<IChatClient>("small", Small);
        builder.Services.AddKeyedSingleton<IChatClient>("large", Large);
        builder.Services.AddKeyedSingleton<IChatClient>("failing", new FakeChatClient((_, _) => throw new InvalidOperationException("a secret of the client")));
        builder.Services.AddKeyedSingleton<IChatClient>("objecting", new FakeChatClient((_, _) => throw new StatusException(400)));
        builder.Services.AddKeyedSingleton<IGuardrail, HouseRules>("house");
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.AddMetaLlmChatClient(models => models.Add("small", 0.10, 0.40).Add("large", 2.00, 8.00, model: "large-2").Budget(usdPerRequest: 0.01));
        foreach (var tenant in (string[])[.. Alike, "poor", "broken", "refused", "limited", "guarded"])
        {
            builder.Services.AddKeyedMetaLlmChatClient(tenant, tenant);
        }

        _app = builder.Build();
        _app.MapMetaLlmFeedback("/feedback", key: "browsers");
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    public void Dispose() => _directory.Dispose();

    internal IChatClient Client(string? tenant = null) => Services.GetRequiredKeyedService<IChatClient>(tenant);

    internal IFeedbackClient Feedback(string tenant) => Services.GetRequiredKeyedService<IFeedbackClient>(tenant);

    internal Task<TenantReport> ReportAsync(string tenant) => Engine.DescribeAsync(tenant, default).AsTask();

    /// <summary>A tenant of the configuration, whose models are called as their upstreams.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Tenant(int index, string id, params string[] arms)
    {
        yield return new($"MetaLlm:tenants:{index}:id", id);
        foreach (var (place, arm) in arms.Index())
        {
            yield return new($"MetaLlm:tenants:{index}:arms:{place}:id", arm);
            yield return new($"MetaLlm:tenants:{index}:arms:{place}:upstream", arm);
            yield return new($"MetaLlm:tenants:{index}:arms:{place}:inputUsdPerMillion", "1");
            yield return new($"MetaLlm:tenants:{index}:arms:{place}:outputUsdPerMillion", "2");
        }
    }

    /// <summary>A decision, once its call is settled.</summary>
    internal async Task<StoredDecision> SettledAsync(string tenant, string decision)
    {
        await Services.GetRequiredService<PendingSettlements>().WaitAsync(tenant, decision, default);
        return (await Eventually.ReadAsync(
            "the call is settled", async () => await Engine.FindDecisionAsync(tenant, decision, default), stored => stored?.Settlement is not null, stored => $"{stored}"))!;
    }
}
