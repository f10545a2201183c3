using System.Reflection;
using MetaLlm.Engine.Ports;
using MetaLlm.Extensions.AI.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Extensions.AI.Tests.Chat;

/// <summary>A pipeline whose client within answers while MetaLlm cannot be reached.</summary>
public sealed class PipelineTests : IDisposable
{
    private readonly LogCollector _log = new();
    private readonly FakeChatClient _inner = FakeChatClient.Saying("from within");

    [Fact]
    public async Task The_client_within_answers_while_no_silo_can_be_reached()
    {
        await using var services = Services(new EngineUnavailableException("no silo"));
        using var client = _inner.AsBuilder().UseMetaLlm("app").Build(services);
        var options = new ChatOptions { ModelId = "small", Temperature = 0.5f }.WithRouting(new RoutingWishes { Task = "t" });

        var response = await client.GetResponseAsync("Hello", options);
        Assert.Equal("from within", response.Text);
        Assert.Null(response.GetRoutingDecision());
        Assert.Equal("from within", string.Concat(await client.GetStreamingResponseAsync("Hello", options).ToListAsync()));

        Assert.All(_inner.Asked, call => Assert.Equal((null, 0.5f, 0), (call.Options!.ModelId, call.Options.Temperature, call.Options.AdditionalProperties!.Count)));
        Assert.Equal("small", options.ModelId);
        Assert.Equal(2, _log.Entries.Count(entry => entry.Id.Id == 2101));
    }

    [Fact]
    public async Task What_is_no_outage_of_MetaLlm_is_told()
    {
        await using var services = Services(new InvalidOperationException("defect"));
        using var client = _inner.AsBuilder().UseMetaLlm("app").Build(services);
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetResponseAsync("Hello"));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.GetStreamingResponseAsync("Hello").ToListAsync());

        using var illegal = _inner.AsBuilder().UseMetaLlm("app").Build(services);
        var error = await Assert.ThrowsAsync<MetaLlmException>(() => illegal.GetResponseAsync("Hello", new ChatOptions { ConversationId = "c" }));
        Assert.Equal("invalid_value", error.Code);
        Assert.Empty(_inner.Asked);
    }

    public void Dispose()
    {
        _inner.Dispose();
        _log.Dispose();
    }

    private ServiceProvider Services(Exception error)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("MetaLlm:upstreams:small:kind", "chat-client"),
            new("MetaLlm:tenants:0:id", "app"),
            new("MetaLlm:tenants:0:arms:0:id", "small"),
            new("MetaLlm:tenants:0:arms:0:upstream", "small"),
        ]).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<ILoggerProvider>(_log);
        services.AddMetaLlmGateway(configuration);
        services.AddSingleton(Absent.Create<ITenantEngine>(error));
        services.AddSingleton(Absent.Create<IChatProvider>(error));
        services.AddSingleton<IEmbedder>(new FixedEmbedder());
        return services.BuildServiceProvider();
    }

    /// <summary>A port behind which nobody is.</summary>
    private class Absent : DispatchProxy
    {
        private Exception _error = null!;

        public static T Create<T>(Exception error)
            where T : class
        {
            var proxy = Create<T, Absent>();
            ((Absent)(object)proxy)._error = error;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw _error;
    }
}
