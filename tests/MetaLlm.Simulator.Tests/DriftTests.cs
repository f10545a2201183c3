using static MetaLlm.Simulator.Tests.RunningSimulator;

namespace MetaLlm.Simulator.Tests;

public class DriftTests
{
    [Fact]
    public async Task A_skill_changes_after_the_stated_number_of_requests_for_its_type_alone()
    {
        var change = new DriftEvent { Kind = DriftKind.Skill, Model = "sim-math", TaskType = SimTaskType.Arithmetic, Ability = -1, AfterRequests = 3 };
        await using var sim = await StartAsync(options => options with { Drift = [change] });
        var task = sim.Server.Catalog.Tasks.First(task => task.Type == SimTaskType.Arithmetic && sim.Server.Truth.WouldAnswerCorrectly(DefaultModels.Math, task));

        var verdicts = new List<bool>();
        for (var i = 0; i < 5; i++)
        {
            verdicts.Add(AnswerChecker.IsCorrect(task, await sim.ReplyAsync("sim-math", task.Prompt)));
        }

        Assert.Equal([true, true, true, false, false], verdicts);
        Assert.Equal(-1, sim.Server.Models.Current("sim-math").AbilityFor(SimTaskType.Arithmetic));
        Assert.Equal(DefaultModels.Math.AbilityFor(SimTaskType.Units), sim.Server.Models.Current("sim-math").AbilityFor(SimTaskType.Units));
        Assert.False(sim.Server.Truth.WouldAnswerCorrectly(sim.Server.Models.Current("sim-math"), task));
        Assert.Empty(sim.Server.Drift.Pending);
    }

    [Fact]
    public async Task A_price_changes_at_its_time_and_is_reported()
    {
        var time = new ManualTime();
        var change = new DriftEvent { Kind = DriftKind.Price, Model = "sim-large", Price = new ModelPrice(1, 0.5m, 4), At = time.GetUtcNow().AddHours(1) };
        await using var sim = await StartAsync(options => options with { TimeProvider = time, Drift = [change] });

        Assert.Equal(2.5m, await InputPrice());
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1m, await InputPrice());
        await sim.ReplyAsync("sim-large", sim.AnyTask.Prompt);
        Assert.Equal(new ModelPrice(1, 0.5m, 4).CostOf(sim.Server.Truth.UsageFor(DefaultModels.Large, sim.AnyTask)), sim.Server.Stats.For("sim-large").CostUsd);

        async Task<decimal> InputPrice() => JsonDocument.Parse(await sim.Client.GetStringAsync(new Uri("sim/models", UriKind.Relative))).RootElement
            .EnumerateArray().Single(model => model.GetProperty("id").GetString() == "sim-large").GetProperty("price").GetProperty("input").GetDecimal();
    }

    [Fact]
    public async Task An_outage_and_a_recovery_are_ordered_over_http()
    {
        await using var sim = await StartAsync();
        Assert.Equal(HttpStatusCode.NoContent, await Order("""{"kind":"outage","model":"sim-nano"}"""));
        Assert.Equal(HttpStatusCode.NoContent, await Order("""{"kind":"recovery","model":"sim-nano","after_requests":2}"""));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Status("sim-nano"));
        Assert.Equal(HttpStatusCode.OK, await Status("sim-coder"));
        Assert.Equal(HttpStatusCode.OK, await Status("sim-nano"));

        async Task<HttpStatusCode> Order(string body)
        {
            using var response = await sim.PostTextAsync("sim/drift", body);
            return response.StatusCode;
        }

        async Task<HttpStatusCode> Status(string model)
        {
            using var response = await sim.AskAsync(model, sim.AnyTask.Prompt);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Recovery_brings_back_skill_and_price()
    {
        await using var sim = await StartAsync();
        sim.Server.Drift.Add(new DriftEvent { Kind = DriftKind.Skill, Model = "sim-math", Ability = 0 });
        sim.Server.Drift.Add(new DriftEvent { Kind = DriftKind.Price, Model = "sim-math", Price = new ModelPrice(1, 1, 1) });
        Assert.Equal(0, sim.Server.Models.Current("sim-math").AbilityFor(SimTaskType.Units));
        sim.Server.Drift.Add(new DriftEvent { Kind = DriftKind.Recovery, Model = "sim-math" });
        Assert.Same(DefaultModels.Math, sim.Server.Models.Current("sim-math"));
    }

    [Fact]
    public void A_rise_in_skill_keeps_every_answer_that_was_right()
    {
        var truth = new GroundTruth(1);
        var better = DefaultModels.Large with { Ability = 1.2 };
        Assert.All(
            TaskCatalog.Create(1).Tasks.Where(task => !DefaultModels.Large.Abilities.ContainsKey(task.Type) && truth.WouldAnswerCorrectly(DefaultModels.Large, task)),
            task => Assert.True(truth.WouldAnswerCorrectly(better, task)));
    }

    [Theory]
    [InlineData("""{"kind":"quake","model":"sim-nano"}""", "'quake'")]
    [InlineData("""{"kind":"outage"}""", "model")]
    [InlineData("""{"kind":"skill","model":"sim-nano"}""", "ability: missing")]
    [InlineData("""{"kind":"skill","model":"sim-nano","ability":5}""", "ability: 5 is outside -1 to 2")]
    [InlineData("""{"kind":"skill","model":"sim-nano","ability":1,"task":"chess"}""", "'chess'")]
    [InlineData("""{"kind":"price","model":"sim-nano","price":{"input":-1,"output":2}}""", "input price -1")]
    [InlineData("""{"kind":"price","model":"sim-nano","price":{"input":1}}""", "output")]
    [InlineData("""{"kind":"outage","model":"sim-nano","after_requests":1,"at":"2030-01-01T00:00:00Z"}""", "not both")]
    public async Task A_bad_event_is_refused_and_named(string body, string mention)
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostTextAsync("sim/drift", body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(mention, (await ReadAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(sim.Server.Drift.Pending);
    }
}
