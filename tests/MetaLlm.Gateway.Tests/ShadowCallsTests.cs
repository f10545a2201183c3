using System.Text.Json;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Tests.Configuration;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

public sealed class ShadowCallsTests : IDisposable
{
    private readonly RecordingEngine _engine = new("a") { Refusal = new NoFeasibleArmException([new("a", ArmExclusions.OverHardCap)]) };
    private readonly CallDrain _drain = new();
    private readonly RoutingRig _rig;
    private readonly ShadowCalls _shadows;

    public ShadowCallsTests()
    {
        _rig = new RoutingRig(_engine, new ScriptedProvider(), new Catalog(), new RoutingOptions(), new FakeTimeProvider());
        _shadows = new ShadowCalls(_rig.Routing, new SideTenants(_engine, _rig.Settlements), _drain, NullLogger<ShadowCalls>.Instance);
    }

    public void Dispose()
    {
        _shadows.Dispose();
        _drain.Dispose();
        _rig.Dispose();
    }

    [Fact]
    public async Task Calls_that_are_left_out_are_counted_by_tenant()
    {
        _shadows.Start(Tenant("t"), Request(), new ChatPayload("{}"u8.ToArray(), false), TestTenants.Decision("t", 1, 0));
        await Eventually.TrueAsync("the call was left out", () => _shadows.LeftOut("t") == 1);
        Assert.Equal(0, _shadows.LeftOut("u"));
        _shadows.Start(Tenant("u"), Request(), new ChatPayload("{}"u8.ToArray(), false), TestTenants.Decision("u", 1, 0));
        await Eventually.TrueAsync("that of the other was left out", () => _shadows.LeftOut("u") == 1);
        Assert.Equal(1, _shadows.LeftOut("t"));
    }

    [Fact]
    public void A_request_whose_client_limits_models_is_not_seen()
    {
        var (tenant, decision) = (Tenant("t"), TestTenants.Decision("t", 1, 0));
        Assert.True(ShadowCalls.Sees(tenant, Request(), decision));
        Assert.False(ShadowCalls.Sees(tenant, Request() with { LimitsModels = true }, decision));
    }

    [Theory]
    [InlineData("auto", "", null, false)]
    [InlineData("auto", ",\"temperature\":0", null, false)]
    [InlineData("a", "", null, true)]
    [InlineData("auto", ",\"metallm\":{\"allow\":[\"a\"]}", null, true)]
    [InlineData("auto", "", "a", true)]
    public void A_model_that_is_named_and_a_list_limit_models(string model, string members, string? header, bool limits)
    {
        using var document = JsonDocument.Parse($"{{\"model\":\"{model}\",\"messages\":[{{\"role\":\"user\",\"content\":\"x\"}}]{members}}}");
        var headers = new HeaderDictionary();
        if (header is not null)
        {
            headers["x-metallm-allow"] = header;
        }

        Assert.Equal(limits, ChatRequestReader.Read(document.RootElement, headers, Tenant("t")).LimitsModels);
    }

    private static ChatRequest Request() => new("x", new DecisionRequest { Features = QueryFeatures.Of("x", [], null, 40) }, Stream: false, Affinity: 0);

    private static TenantSettings Tenant(string id) =>
        SettingsReaderTests.Read(Mistakes.Make("\"id\":\"t\"", $"\"id\":\"{id}\",\"shadow\":{{\"models\":[\"a\"],\"usd\":5,\"share\":1}}")).Tenants[id];

    private sealed class Catalog : IArmCatalog
    {
        public IReadOnlyDictionary<string, ArmTarget> Targets(string tenant) => new Dictionary<string, ArmTarget>();
    }
}
