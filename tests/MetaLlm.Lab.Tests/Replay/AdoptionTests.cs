using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class AdoptionTests
{
    private const int Arm = 1;
    private const int Length = 300;

    [Fact]
    public void The_step_is_the_end_of_the_first_window_that_keeps_half_the_final_share()
    {
        // Nothing for 80 requests, then every other request: the first window of 50 with 13 hits or more ends 25 or 26 requests later.
        var report = Adoption.Of(Arm, [Outcome(t => t >= 80 && t % 2 == 0)]);

        Assert.Equal((1, 0), (report.Adopted, report.Rejected));
        Assert.Equal(0.5, report.SettledShare);
        Assert.Equal(105, report.LastStep);
        Assert.Equal(105, report.MedianStep);
    }

    [Fact]
    public void A_burst_of_first_pulls_is_no_adoption_yet()
    {
        var report = Adoption.Of(Arm, [Outcome(t => t < 40 || t >= 150)]);

        Assert.InRange(report.LastStep!.Value, 170, 180);
    }

    [Fact]
    public void An_arm_that_is_hardly_used_in_the_end_is_rejected()
    {
        var report = Adoption.Of(Arm, [Outcome(t => t < 60), Outcome(_ => true)]);

        Assert.Equal((1, 1), (report.Adopted, report.Rejected));
        Assert.Equal(50, report.LastStep);
    }

    // Phases of 300 requests; the arm joins with the second.
    private static SeedOutcome Outcome(Func<int, bool> chosen)
    {
        int[] choices = [.. new int[Length], .. Enumerable.Range(0, 2 * Length).Select(t => chosen(t) ? Arm : 0)];
        return new SeedOutcome
        {
            Rows = [.. choices.Select((_, i) => i)],
            PhaseStarts = [0, Length, 2 * Length],
            Choices = choices,
            Rewards = new double[choices.Length],
            BestRewards = new double[choices.Length],
            CostUsd = new double[choices.Length],
        };
    }
}
