using MetaLlm.Engine.Admission;

namespace MetaLlm.Gateway.Tests.Admission;

public sealed class SharedAllowanceTests
{
    private static readonly AdmissionLimits Limits = new() { RequestsPerMinute = 100, TokensPerMinute = 1000, ParallelCalls = 10 };

    [Fact]
    public void One_node_alone_gets_all_of_it_and_no_more()
    {
        var allowance = new SharedAllowance(1);
        var first = allowance.Renew(Report("a", requests: 90, tokens: 990, calls: 9), 0);
        Assert.Equal((95, 995, 9), (first.Requests.Granted, first.Tokens.Granted, first.Calls));
        var second = allowance.Renew(Report("a", requests: 20, tokens: 100, calls: 5, held: 9), 1);
        Assert.Equal((5, 5, 1), (second.Requests.Granted, second.Tokens.Granted, second.Calls));
        Assert.Equal((0, 0, 0), (second.Requests.Left, second.Tokens.Left, second.CallsLeft));
        Assert.Equal(60, second.Requests.RetrySeconds);
    }

    [Fact]
    public void What_a_node_gives_back_another_one_gets()
    {
        var allowance = new SharedAllowance(1);
        allowance.Renew(Report("a", requests: 95, tokens: 950, calls: 10), 0);
        Assert.Equal(0, allowance.Renew(Report("b", calls: 1), 0.5).Calls);
        allowance.Renew(Report("a", active: false) with { Requests = Corrected(-50), Tokens = Corrected(-500) }, 1);
        var grant = allowance.Renew(Report("b", requests: 40, tokens: 400, calls: 8), 1.5);
        Assert.True(grant.Requests.Granted >= 40);
        Assert.True(grant.Tokens.Granted >= 400);
        Assert.Equal(8, grant.Calls);
        Assert.Equal(1, grant.Nodes);
    }

    [Fact]
    public void The_calls_of_a_node_that_falls_silent_are_free_after_a_while()
    {
        var allowance = new SharedAllowance(1);
        allowance.Renew(Report("dead", calls: 10), 0);
        Assert.Equal(0, allowance.Renew(Report("b", calls: 3), 9).Calls);
        Assert.Equal(3, allowance.Renew(Report("b", calls: 3), 11).Calls);
    }

    [Fact]
    public void Tokens_beyond_what_was_taken_are_owed()
    {
        var allowance = new SharedAllowance(1);
        allowance.Renew(Report("a", tokens: 900), 0);
        var grant = allowance.Renew(Report("a") with { Tokens = Corrected(600) with { Needed = 10, Least = 10 } }, 3);
        Assert.Equal((0, 0), (grant.Tokens.Granted, grant.Tokens.Left));
    }

    [Fact]
    public void A_new_holder_grants_nothing_to_a_node_before_it_knows_what_was_used()
    {
        var allowance = new SharedAllowance(2);
        Assert.True(allowance.Renew(Report("a", requests: 1) with { Term = 1 }, 0).WantsHistory);
        var told = Report("a") with { Term = 1, Requests = new AllowanceNeed { Needed = 30, Least = 1, History = [10, 0, 70] }, Tokens = new AllowanceNeed { History = [0] } };
        var grant = allowance.Renew(told, 0);
        Assert.Equal((false, 2, 20.0), (grant.WantsHistory, grant.Term, grant.Requests.Granted));
        Assert.Equal(59, grant.Requests.RetrySeconds);
    }

    [Fact]
    public void It_is_unused_when_all_has_left()
    {
        var allowance = new SharedAllowance(1);
        Assert.True(allowance.IsUnused(0));
        allowance.Renew(Report("a", requests: 1), 0);
        Assert.False(allowance.IsUnused(30));
        Assert.True(allowance.IsUnused(61));
    }

    private static AllowanceNeed Corrected(double amount) => new() { Corrections = [amount] };

    private static AllowanceReport Report(string node, double requests = 0, double tokens = 0, int calls = 0, int held = 0, bool active = true) => new()
    {
        Node = node, Limits = Limits, IsActive = active, CallsHeld = held, CallsNeeded = calls,
        Requests = new AllowanceNeed { Needed = requests, Least = Math.Min(requests, 1) }, Tokens = new AllowanceNeed { Needed = tokens, Least = tokens },
    };
}
