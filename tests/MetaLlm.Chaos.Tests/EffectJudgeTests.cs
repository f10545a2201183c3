using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Tests;

/// <summary>What a fault did is read from what clients saw: tenants 0 and 1, of which faults hit tenant 0 unless a test says otherwise.</summary>
public sealed class EffectJudgeTests
{
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(10);
    private static readonly FaultRecord Kill = Fault(1, FaultKind.Kill, 10, 14, 0);

    [Fact]
    public void Nothing_is_disturbed_while_others_are_served_as_ever()
    {
        var effect = Judge(Steady(0, 30), [], Kill);
        Assert.Equal((7, 0), (effect.JudgedSeconds, effect.DisturbedSeconds));
    }

    [Fact]
    public void A_second_in_which_another_tenant_waits_too_long_is_disturbed() =>
        Assert.Equal(1, Judge([.. Steady(0, 30), Slow(1, 12.2, 12.3)], [], Kill).DisturbedSeconds);

    [Fact]
    public void Waiting_disturbs_every_second_that_it_spans() =>
        Assert.Equal(3, Judge([.. Steady(0, 30), Slow(1, 11.9, 13.1)], [], Kill).DisturbedSeconds);

    [Fact]
    public void A_second_in_which_another_tenant_sees_an_error_is_disturbed()
    {
        var effect = Judge([.. Steady(0, 30), Slow(1, 12.2, 12.3)], [new ClientError(At(11.2), At(11.5), 1, 2, Attempt.Connection)], Kill);
        Assert.Equal((2, 1), (effect.DisturbedSeconds, effect.FailedSeconds));
    }

    [Fact]
    public void What_the_tenant_that_was_hit_sees_disturbs_nobody_else()
    {
        var effect = Judge([.. Answers(0, 30, 1), .. Answers(0, 10, 0), Slow(0, 11, 14)], [new ClientError(At(11.2), At(11.5), 0, 2, Attempt.Connection)], Kill);
        Assert.Equal(0, effect.DisturbedSeconds);
        Assert.Equal(1, effect.Errors[Attempt.Connection]);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void Of_many_one_in_a_hundred_may_wait_or_fail(int some, int disturbed)
    {
        Operation[] many = [.. Enumerable.Range(0, 130).Select(i => Slow(1, 12.1, 12.11 + (i * 1e-4)))];
        Operation[] slow = [.. Enumerable.Range(0, some).Select(_ => Slow(1, 12.2, 12.8))];
        ClientError[] failed = [.. Enumerable.Range(0, some).Select(_ => new ClientError(At(12.2), At(12.5), 1, 2, Attempt.Connection))];
        var late = Judge([.. Steady(0, 30), .. many, .. slow], [], Kill);
        Assert.Equal((disturbed, 0), (late.DisturbedSeconds, late.FailedSeconds));
        var failing = Judge([.. Steady(0, 30), .. many], failed, Kill);
        Assert.Equal((disturbed, disturbed), (failing.DisturbedSeconds, failing.FailedSeconds));
    }

    [Fact]
    public void A_second_before_the_fault_is_not_its_doing() =>
        Assert.Equal(0, Judge([.. Steady(0, 30), Slow(1, 8.1, 9.2)], [], Kill).DisturbedSeconds);

    [Fact]
    public void A_tenant_that_another_fault_has_hit_is_not_judged_while_it_lasts()
    {
        FaultRecord[] faults = [Kill, Fault(2, FaultKind.DatabaseCrash, 11, 12, 0, 1)];
        var effects = new EffectJudge([.. Steady(0, 30), Slow(1, 11.5, 12.5)], [], faults, Calm).Judge();
        Assert.Equal((3, 0), (effects[0].JudgedSeconds, effects[0].DisturbedSeconds));
        Assert.Equal((0, 0), (effects[1].JudgedSeconds, effects[1].DisturbedSeconds));
    }

    [Fact]
    public void A_tenant_that_is_answered_elsewhere_is_judged_like_any_other_from_then_on()
    {
        ClientError[] errors = [new(At(11), At(11.5), 0, 2, Attempt.Connection), new(At(13.8), At(14), 0, 1, Attempt.Connection)];
        Operation[] answers = [.. Steady(0, 10), new Operation(0, true, At(10.2), At(12), At(12.5), 1, 0), .. Steady(13, 30)];
        Assert.Equal(1, Judge(answers, errors, Kill).FailedSeconds);
    }

    [Fact]
    public void Of_faults_that_overlap_the_one_disturbs_whose_host_was_tried()
    {
        FaultRecord[] faults = [Kill with { Host = 1 }, Fault(2, FaultKind.Kill, 11, 15, 2) with { Host = 2 }];
        var effects = new EffectJudge(Steady(0, 30), [new ClientError(At(12), At(12.5), 1, 2, Attempt.Connection), new ClientError(At(13), At(13.5), 1, 0, Attempt.Connection)], faults, Calm).Judge();
        Assert.Equal([1, 2], effects.Select(effect => effect.DisturbedSeconds));
    }

    [Fact]
    public void Time_runs_anew_when_the_next_owner_is_killed_too()
    {
        FaultRecord[] faults = [Kill, Fault(2, FaultKind.Kill, 12.5, 20)];
        Operation[] answers = [.. Answers(0, 10, 0), new Operation(0, true, At(10), At(14.5), At(15), 4, 0), .. Answers(15, 30, 0)];
        Assert.Equal(2.5, new EffectJudge(answers, [], faults, Calm).Judge()[0].Gap.TotalSeconds, 3);
    }

    [Fact]
    public void Feedback_that_another_host_takes_is_no_answer_of_the_owner()
    {
        Operation[] answers = [.. Answers(0, 10, 0), new Operation(0, false, At(11), At(11), At(11.1), 0, 0), .. Answers(12, 30, 0)];
        Assert.Equal(2.02, Judge(answers, [], Kill).Gap.TotalSeconds, 3);
    }

    [Fact]
    public void Resumption_is_the_time_until_the_first_answer_that_was_asked_for_after_the_fault()
    {
        Operation[] answers = [.. Answers(0, 10, 0), new Operation(0, true, At(10), At(13), At(13.5), 4, 0), .. Answers(14, 30, 0)];
        Assert.Equal(3.5, Judge(answers, [], Kill).Gap.TotalSeconds, 3);
    }

    [Fact]
    public void A_tenant_that_is_never_answered_again_is_without_an_answer_to_the_end() =>
        Assert.Equal(6, Judge(Answers(0, 10, 0), [], Kill).Gap.TotalSeconds, 3);

    [Fact]
    public void After_a_fault_of_the_database_resumption_counts_from_when_it_is_back()
    {
        var crash = Fault(1, FaultKind.DatabaseCrash, 10, 14, 0) with { Lifted = At(13) };
        Operation[] answers = [.. Answers(0, 10, 0), new Operation(0, true, At(10), At(13), At(13.5), 4, 0), .. Answers(14, 30, 0)];
        Assert.Equal(0.5, Judge(answers, [], crash).Gap.TotalSeconds, 3);
    }

    [Fact]
    public void The_99th_percentile_is_an_answer_that_was_seen()
    {
        Assert.Equal(3, Latency.P99(new[] { 3, 1, 2 }.Select(n => TimeSpan.FromSeconds(n))).TotalSeconds);
        Assert.Equal(198, Latency.P99(Enumerable.Range(1, 200).Select(n => TimeSpan.FromSeconds(n))).TotalSeconds);
    }

    private static FaultEffect Judge(IReadOnlyCollection<Operation> operations, IReadOnlyList<ClientError> errors, FaultRecord fault) =>
        Assert.Single(new EffectJudge(operations, errors, [fault], Calm).Judge());

    private static FaultRecord Fault(int number, FaultKind kind, double start, double recovered, params int[] victims) => new()
    {
        Number = number,
        Kind = kind,
        Start = At(start),
        Lifted = At(recovered),
        Recovered = At(recovered),
        Victims = victims,
    };

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Operation Slow(int tenant, double start, double end) => new(tenant, true, At(start), At(start), At(end), 0, 0);

    private static List<Operation> Steady(int from, int to) => [.. Answers(from, to, 0), .. Answers(from, to, 1)];

    private static List<Operation> Answers(int from, int to, int tenant) =>
        [.. Enumerable.Range(from * 2, (to - from) * 2).Select(half => new Operation(tenant, true, At(half / 2.0) + Usual, At(half / 2.0) + Usual, At(half / 2.0) + Usual + Usual, 0, 0))];
}
