using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Extensions.AI.Tests;

public sealed class RoutedModelsTests
{
    [Fact]
    public void Models_of_code_become_a_tenant_of_the_configuration()
    {
        var settings = Read([], models => models.Add("small", 0.1, 0.4).Add("large", 2, 8, "large-2", "tools", "json").Budget(0.01, 5));
        var tenant = settings.Tenants["app"];
        Assert.Equal(["small small 0.1 0.4", "large large-2 2 8"], tenant.Arms.Select(arm => FormattableString.Invariant($"{arm.Id} {arm.Model ?? arm.Id} {arm.InputUsdPerMillion} {arm.OutputUsdPerMillion}")));
        Assert.Null(tenant.Arms[0].Capabilities);
        Assert.Equal(["tools", "json"], tenant.Arms[1].Capabilities!);
        Assert.Equal((0.01, 5.0), (tenant.Budget.UsdPerRequest, tenant.Budget.UsdPerDay));
        Assert.All(settings.Upstreams.Values, upstream => Assert.Equal(UpstreamKind.ChatClient, upstream.Kind));
    }

    [Fact]
    public void What_an_operator_configures_goes_before_code_and_stands_beside_it()
    {
        var settings = Read(
            new()
            {
                ["MetaLlm:upstreams:mine:kind"] = "chat-client",
                ["MetaLlm:tenants:0:id"] = "other",
                ["MetaLlm:tenants:0:arms:0:id"] = "mine",
                ["MetaLlm:tenants:0:arms:0:upstream"] = "mine",
                ["MetaLlm:tenants:1:id"] = "app",
                ["MetaLlm:tenants:1:explorationFloor"] = "0.02",
                ["MetaLlm:tenants:1:arms:0:inputUsdPerMillion"] = "0.2",
            },
            models => models.Add("small", 0.1, 0.4));
        Assert.Equal(["app", "other"], settings.Tenants.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((0.02, 0.2, 0.4), (settings.Tenants["app"].ExplorationFloor, settings.Tenants["app"].Arms[0].InputUsdPerMillion, settings.Tenants["app"].Arms[0].OutputUsdPerMillion));
    }

    [Fact]
    public void What_cannot_be_routed_over_is_refused()
    {
        Assert.Equal("models", Assert.Throws<ArgumentException>(() => Read([], _ => { })).ParamName);
        Assert.Contains("'a:b'", Assert.Throws<ArgumentException>(() => Read([], models => models.Add("a:b", 1, 1))).Message, StringComparison.Ordinal);
        Assert.Contains("added before", Assert.Throws<ArgumentException>(() => Read([], models => models.Add("a", 1, 1).Add("a", 1, 1))).Message, StringComparison.Ordinal);
        var error = Assert.Throws<SettingsException>(() => Read([], models => models.Add("a", -1, 1)));
        Assert.Contains("inputUsdPerMillion", error.Message, StringComparison.Ordinal);

        var builder = WebApplication.CreateBuilder();
        builder.AddMetaLlmChatClient(models => models.Add("a", 1, 1));
        Assert.Throws<InvalidOperationException>(() => builder.AddMetaLlmChatClient(models => models.Add("b", 1, 1)));
    }

    private static MetaLlmSettings Read(Dictionary<string, string?> configuration, Action<RoutedModels> models)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(configuration);
        builder.AddMetaLlmChatClient(models);
        return ((SettingsStore)builder.Services.Single(service => service.ServiceType == typeof(SettingsStore)).ImplementationInstance!).Current;
    }
}
