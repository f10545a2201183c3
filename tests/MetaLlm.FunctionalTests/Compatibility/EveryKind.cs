using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>One gateway with a model of every kind of upstream, for all cells of the table.</summary>
public sealed class EveryKind : IAsyncLifetime
{
    private readonly List<StartedKind> _started = [];
    private readonly Dictionary<string, string> _withoutVectors = [];
    private RunningGateway? _gateway;

    internal RunningGateway Gateway => _gateway!;

    /// <summary>Why a kind has no embedding models, in the configuration's words; null where it has some.</summary>
    internal string? WithoutVectors(string kind) => _withoutVectors.GetValueOrDefault(kind);

    public async Task InitializeAsync()
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["routing"]!["keepAliveSeconds"] = 0.1;
        section["upstreams"] = new JsonObject();
        section["tenants"]!.AsArray().RemoveAt(1);
        var tenant = TestConfiguration.TenantAt(configuration, 0);
        (tenant["arms"], tenant["embeddingModels"]) = (new JsonArray([.. UpstreamKind.All.SelectMany(kind => kind.Arms)]), new JsonArray());
        foreach (var kind in UpstreamKind.All)
        {
            var started = await kind.StartAsync();
            _started.Add(started);
            section["upstreams"]![kind.Name] = started.Settings;
        }

        foreach (var (kind, started) in UpstreamKind.All.Zip(_started))
        {
            AddVectors(configuration, tenant["embeddingModels"]!.AsArray(), kind.Name, started.Vectors);
        }

        _gateway = await RunningGateway.StartAsync(configuration, variable: Variable, services: services => _started.ForEach(started => started.Services(services)));
        _started.ForEach(started => started.Simulator(_gateway.Simulator));
    }

    public async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        foreach (var started in _started)
        {
            await started.DisposeAsync();
        }
    }

    private string? Variable(string name) => _started.Select(started => started.Keys.GetValueOrDefault(name)).FirstOrDefault(key => key is not null) ?? TestConfiguration.Variable(name);

    /// <summary>The configuration says which kinds have embedding models.</summary>
    private void AddVectors(JsonObject configuration, JsonArray models, string kind, string model)
    {
        models.Add(new JsonObject { ["id"] = $"{kind}-vectors", ["upstream"] = kind, ["model"] = model, ["dimensions"] = UpstreamKind.Dimensions, ["inputUsdPerMillion"] = 1.0 });
        try
        {
            using var text = new MemoryStream(Encoding.UTF8.GetBytes(configuration.ToJsonString()));
            SettingsReader.Read<HostSettings>(new ConfigurationBuilder().AddJsonStream(text).Build(), new SettingsContext { Variable = Variable });
        }
        catch (SettingsException refused)
        {
            models.RemoveAt(models.Count - 1);
            _withoutVectors[kind] = $"The configuration refuses an embedding model: {refused.Errors[0].Problem}";
        }
    }
}
