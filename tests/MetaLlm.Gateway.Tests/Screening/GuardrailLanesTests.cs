using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.TestKit;
using Polly.CircuitBreaker;

namespace MetaLlm.Gateway.Tests.Screening;

public sealed class GuardrailLanesTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly GuardrailSettings _settings = new();

    [Fact]
    public async Task What_one_tenant_makes_fail_is_still_asked_for_another()
    {
        var lanes = new GuardrailLanes(_time);
        for (var i = 0; i < 10; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => CheckAsync(lanes, "a", new Broken()));
        }

        await Assert.ThrowsAsync<BrokenCircuitException>(() => CheckAsync(lanes, "a", new Blocking()));
        Assert.Equal(GuardrailAction.Block, (await CheckAsync(lanes, "b", new Blocking())).Action);
    }

    [Fact]
    public void Other_settings_give_a_new_lane_and_the_same_ones_do_not()
    {
        var lanes = new GuardrailLanes(_time);
        var first = lanes.Of("g", "a", _settings);
        Assert.Same(first, lanes.Of("g", "a", _settings));
        Assert.NotSame(first, lanes.Of("h", "a", _settings));
        Assert.NotSame(first, lanes.Of("g", "a", new GuardrailSettings()));
        Assert.Equal(2, lanes.Count);
    }

    [Fact]
    public void There_are_never_more_than_a_number_and_those_in_use_stay()
    {
        var lanes = new GuardrailLanes(_time, most: 8);
        var used = lanes.Of("g", "used", _settings);
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(lanes.Of("g", $"tenant-{i}", _settings));
            Assert.Same(used, lanes.Of("g", "used", _settings));
            Assert.True(lanes.Count <= 8);
        }
    }

    private async Task<GuardrailVerdict> CheckAsync(GuardrailLanes lanes, string tenant, IGuardrail guardrail) => await lanes.Of("g", tenant, _settings).CheckAsync(
        guardrail, new GuardedContent { Tenant = tenant, Stage = GuardrailStage.Request, Texts = [new GuardedText("user", "content", "x")] }, CancellationToken.None);

    private sealed class Broken : IGuardrail
    {
        public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) => throw new InvalidDataException("It is broken.");
    }

    private sealed class Blocking : IGuardrail
    {
        public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken) => new(GuardrailVerdict.Block());
    }
}
