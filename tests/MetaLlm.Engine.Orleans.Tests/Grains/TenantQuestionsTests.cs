using MetaLlm.Engine.Orleans.Grains;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Engine.Orleans.Tests.Grains;

public sealed class TenantQuestionsTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task What_a_thousand_tenants_ask_within_a_moment_is_asked_once()
    {
        var asked = new List<IReadOnlyList<string>>();
        var questions = new TenantQuestions<int>(
            tenants =>
            {
                asked.Add(tenants);
                return Task.FromResult<IReadOnlyDictionary<string, int>>(tenants.Where(tenant => tenant != "t7").ToDictionary(tenant => tenant, tenant => tenant.Length));
            },
            Moment,
            _time);

        var asking = Enumerable.Range(0, 1000).Select(i => questions.AskAsync($"t{i}")).ToList();
        _time.Advance(Moment);
        var answers = await Task.WhenAll(asking);

        Assert.Equal(1000, Assert.Single(asked).Count);
        Assert.Null(answers[7]);
        Assert.Equal(4, answers[123]);
        var next = questions.AskAsync("t8");
        _time.Advance(Moment);
        Assert.Equal(2, await next);
        Assert.Equal(["t8"], asked[1]);
    }

    [Fact]
    public async Task A_question_takes_two_thousand_tenants_at_most()
    {
        var asked = 0;
        var questions = new TenantQuestions<int>(
            tenants =>
            {
                Interlocked.Increment(ref asked);
                Assert.InRange(tenants.Count, 1, 2000);
                return Task.FromResult<IReadOnlyDictionary<string, int>>(tenants.ToDictionary(tenant => tenant, _ => 1));
            },
            Moment,
            _time);

        var asking = Enumerable.Range(0, 5000).Select(i => questions.AskAsync($"t{i}")).ToList();
        _time.Advance(Moment);

        Assert.All(await Task.WhenAll(asking), answer => Assert.Equal(1, answer));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_question_that_fails_fails_for_all_and_the_next_one_is_asked_anew()
    {
        var fails = true;
        var questions = new TenantQuestions<int>(
            tenants => fails ? throw new IOException("The database is gone.") : Task.FromResult<IReadOnlyDictionary<string, int>>(tenants.ToDictionary(tenant => tenant, _ => 1)),
            TimeSpan.FromMilliseconds(10));

        foreach (var answer in (Task<int?>[])[questions.AskAsync("a"), questions.AskAsync("b")])
        {
            await Assert.ThrowsAsync<IOException>(() => answer);
        }

        fails = false;
        Assert.Equal(1, await questions.AskAsync("a"));
    }
}
