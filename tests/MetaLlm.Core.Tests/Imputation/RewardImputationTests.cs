using MetaLlm.Core.Imputation;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;
using Xunit.Abstractions;

namespace MetaLlm.Core.Tests.Imputation;

public sealed class RewardImputationTests(ITestOutputHelper output)
{
    [Fact]
    public void Nothing_is_imputed_before_fifty_held_out_rewards_are_known_and_what_was_silent_till_then_stays_so()
    {
        var traffic = new SilentTraffic(1, SilentTraffic.Impute);
        while (traffic.Log.State.RewardPredictor is null && traffic.Log.State.DecisionOrdinal < 5000)
        {
            Assert.Equal(0, traffic.Imputed);
            traffic.Play(1, MissingAtRandom);
        }

        Assert.Equal((ImputationStatus.On, 50), (traffic.Imputation.Status, traffic.Imputation.Count));
        Assert.InRange(traffic.Log.State.DecisionOrdinal - traffic.Log.State.MissingThrough, 9, 11);
        traffic.Play(100, MissingAtRandom);
        Assert.InRange(traffic.Imputed, 50, 90);
        Assert.Equal(traffic.Imputed, traffic.Log.State.Report().RewardsDefaulted);
    }

    [Fact]
    public void Silence_that_depends_on_the_reward_switches_it_off_as_soon_as_late_rewards_show_it_and_on_again_when_they_agree()
    {
        var traffic = new SilentTraffic(2, SilentTraffic.Impute, telling: false);
        traffic.Play(900, (_, _) => 1);
        Assert.Equal(ImputationStatus.On, traffic.Imputation.Status);

        traffic.Play(1500, (reward, draw) => reward > 0.5 ? (draw < 0.5 ? 1 : null) : (draw < 0.5 ? 15 : null));
        var biased = traffic.Imputation;
        var imputed = traffic.Imputed;
        Assert.Equal(ImputationStatus.OffBiased, biased.Status);
        Assert.True(biased.LateBias > 0.05, $"{biased}");
        Assert.Null(traffic.Log.State.RewardPredictor);
        traffic.Play(50, (_, _) => null);
        Assert.Equal(imputed, traffic.Imputed);

        traffic.Play(3000, (_, draw) => draw < 0.2 ? 1 : draw < 0.4 ? 15 : null);
        Assert.Equal(ImputationStatus.On, traffic.Imputation.Status);
        Assert.True(traffic.Imputed > imputed);
    }

    [Fact]
    public void It_cannot_see_that_the_silent_ones_are_worse_when_no_feedback_ever_tells()
    {
        var traffic = new SilentTraffic(3, SilentTraffic.Impute, telling: false);
        traffic.Play(3000, (reward, draw) => draw < (reward > 0.5 ? 0.6 : 0.1) ? 1 : null);
        Assert.Equal(ImputationStatus.On, traffic.Imputation.Status);
        Assert.Equal(0, traffic.Imputation.LateCount);
    }

    [Theory]
    [InlineData(true, 0.1)]
    [InlineData(false, 0.1)]
    [InlineData(true, 1)]
    public void With_seven_rewards_in_ten_missing_at_random_it_does_not_lose_against_ignoring_them(bool telling, double weight)
    {
        var (ignored, imputed) = (0.0, 0.0);
        for (var seed = 11UL; seed < 14; seed++)
        {
            ignored += new SilentTraffic(seed, null, telling).Play(4000, MissingAtRandom);
            var traffic = new SilentTraffic(seed, SilentTraffic.Impute with { Weight = weight }, telling);
            imputed += traffic.Play(4000, MissingAtRandom);
            Assert.True(traffic.Imputed > 300);
        }

        output.WriteLine($"telling {telling}, weight {weight}: regret {ignored:F2} ignored, {imputed:F2} imputed");
        Assert.True(imputed <= (telling ? 1 : 1.01) * ignored, $"{imputed} imputed, {ignored} ignored");
    }

    [Fact]
    public void A_snapshot_goes_on_as_if_it_had_never_been_taken()
    {
        var (whole, saved) = (new SilentTraffic(4, SilentTraffic.Impute), new SilentTraffic(4, SilentTraffic.Impute));
        whole.Play(900, (_, _) => 1);
        saved.Play(900, (_, _) => 1);
        Assert.Equal(ImputationStatus.On, saved.Imputation.Status);
        saved.Log.State = saved.Log.Reload();
        Assert.Equal(whole.Log.Save(), saved.Log.Save());
        whole.Play(200, MissingAtRandom);
        saved.Play(200, MissingAtRandom);
        Assert.Equal(whole.Log.Save(), saved.Log.Save());
        Assert.Equal(SilentTraffic.Impute, saved.Log.State.Configuration!.MissingReward);
    }

    [Fact]
    public void Late_feedback_leaves_the_model_as_if_nothing_had_been_imputed()
    {
        var (guessed, told) = (Traffic(), Traffic());
        var (first, second) = (guessed.Log.Decide(Log.Query(1)), told.Log.Decide(Log.Query(1)));
        guessed.Log.Settle(first, 0.001);
        told.Log.Settle(second, 0.001);
        guessed.Log.Event(Rewarded(guessed.Log, first, 0.3) with { Weight = 0.1, Defaulted = true });
        guessed.Log.Event(Rewarded(guessed.Log, first, 1) with { PreviousReward = 0.3, PreviousWeight = 0.1 });
        told.Log.Event(Rewarded(told.Log, second, 1));

        Assert.Equal(
            told.Log.State.RewardPredictor!.Predict(second, second.ChosenArm, 50, 1), guessed.Log.State.RewardPredictor!.Predict(first, first.ChosenArm, 50, 1));
        Assert.Equal(told.Imputation, guessed.Imputation);
        var (expected, found) = (told.Log.Decide(Log.Query(2)), guessed.Log.Decide(Log.Query(2)));
        Assert.Equal(expected.Arms.Select(a => a.Quality), found.Arms.Select(a => a.Quality), (a, b) => Math.Abs(a - b) < 0.005);

        static SilentTraffic Traffic()
        {
            var traffic = new SilentTraffic(5, SilentTraffic.Impute);
            traffic.Play(900, (_, _) => 0);
            return traffic;
        }
    }

    [Fact]
    public void A_corrected_reward_leaves_what_it_would_have_left_had_it_come_at_first()
    {
        var (corrected, right) = (new RewardModel(), new RewardModel());
        var (early, same) = (Decision(0, 0.2, 1), Decision(0, 0.9, 0.5));
        corrected.Learn(ref early);
        right.Learn(ref same);
        for (var i = 1; i < 9000; i++)
        {
            var next = Decision(i, 0.5 + (0.4 * Math.Sin(i)), 1);
            var copy = next;
            corrected.Learn(ref next);
            right.Learn(ref copy);
        }

        Assert.True(right.Epoch > 0);
        corrected.Correct(ref early, 0.9, 0.5);
        Assert.Equal(right.Coefficients.ToArray(), corrected.Coefficients.ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void Without_evidence_the_prediction_is_the_policys_own_and_with_it_what_the_signals_say()
    {
        var model = new RewardModel();
        Assert.Equal(0.7, model.Predict(Decision(1, 0, 1) with { Quality = 0.7 }));
        for (var i = 0; i < 3000; i++)
        {
            var decision = Decision(i, 0, 1);
            decision.Reward = 0.2 + (0.5 * decision.Quality) + (0.05 * decision.Tokens) - (0.03 * decision.Latency);
            model.Learn(ref decision);
        }

        Assert.Equal([0.2 - 0.25, -0.5, 0.05, -0.03], model.Coefficients.ToArray(), (a, b) => Math.Abs(a - b) < 0.01);
        Assert.Equal(1, model.Predict(Decision(1, 0, 1) with { Quality = 50, Tokens = 30 }));
    }

    [Fact]
    public void A_busy_tenant_is_sampled_over_the_whole_time()
    {
        var awaited = new AwaitedRewards();
        for (var i = 1; i <= 100_000; i++)
        {
            awaited.Add(new AwaitedReward { Ordinal = i, At = i }, 50_000);
        }

        Assert.InRange(awaited.Count, 1000, AwaitedRewards.Capacity);
        Assert.Equal(-1, awaited.Find(99_999));
        Assert.Equal(51_200, awaited.At(awaited.Find(51_200)).At);
        Assert.InRange(awaited.LastUntil(70_000), 69_900, 70_000);
        Assert.Equal(0, awaited.LastUntil(-1));
    }

    [Fact]
    public void Settling_and_learning_allocate_nothing()
    {
        var traffic = new SilentTraffic(6, SilentTraffic.Impute);
        var imputation = new RewardImputation();
        imputation.Set(traffic.Log.State.Configuration!);
        var decision = traffic.Log.Decide(Log.Query(1));
        var settled = traffic.Log.Settle(decision, 0.001);
        var rewarded = Rewarded(traffic.Log, decision, 0.5);
        imputation.Decided(decision);
        imputation.Completed(settled);
        imputation.Rewarded(rewarded);
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                imputation.Completed(settled);
                imputation.Rewarded(rewarded);
            }
        }));
    }

    [Fact]
    public void Bad_options_are_refused_by_name()
    {
        Refused("MissingReward.Mode", SilentTraffic.Impute with { Mode = (MissingRewardMode)7 });
        Refused("MissingReward.Value", SilentTraffic.Impute with { Value = 0.5 });
        Refused("MissingReward.Weight", SilentTraffic.Impute with { Weight = double.NaN });
    }

    private static void Refused(string field, MissingReward option) =>
        Assert.Equal(field, Assert.Single(TenantConfigurationValidator.Validate(new World(6, [0.001]).Configuration() with { MissingReward = option })).Field);

    private static int? MissingAtRandom(double reward, double draw) => draw < 0.3 ? 1 : null;

    private static AwaitedReward Decision(int i, double reward, double weight) => new()
    {
        Ordinal = i,
        Quality = 0.5 + (0.4 * Math.Sin(3 * i)),
        Tokens = Math.Cos(5 * i),
        Latency = Math.Sin(7 * i),
        Reward = reward,
        Weight = weight,
    };

    private static RewardedEvent Rewarded(Log log, DecisionRecord decision, double reward) => new()
    {
        Sequence = log.State.AppliedSequence + 1,
        At = log.Clock,
        Decision = DecisionFacts.Of(decision),
        Reward = reward,
        PreviousReward = null,
    };
}
