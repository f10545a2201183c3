using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Budgets;

/// <summary>Tenants whose configuration does not tell what one model costs beside another: only calls do.</summary>
public sealed class UntoldCostTests
{
    private const double UsdPerToken = 1e-6;
    private const double PriorTokens = 256;
    private const double Budget = 0.0003;
    private const int Decisions = 1500;

    // Three decades. The middle ones are the dearest that the budget pays for, and their nearest neighbours.
    private static readonly double[] _usd = [0.00003, 0.0001, 0.0005, 0.002, 0.008, 0.03];
    private static readonly double[] _reward = [0.4, 0.6, 0.7, 0.5, 0.8, 0.85];

    [Theory]
    [InlineData("metallm")]
    [InlineData("metallm-cold")]
    public void Spend_comes_down_to_the_budget_and_reward_to_the_best_mix_whichever_models_are_called_first(string policy)
    {
        var best = BestMix();
        var failed = new List<string>();
        for (var first = 0; first < _usd.Length; first++)
        {
            for (var second = 0; second < _usd.Length; second++)
            {
                var (spend, late, reward) = Play(policy, [first, second]);
                if (spend > 1.1 * Budget || late > 1.2 * Budget || reward < 0.9 * best)
                {
                    failed.Add($"{first} {second}: {spend / Budget:0.00} of the budget, {late / Budget:0.00} in the end, reward {reward:0.000} beside {best:0.000}");
                }
            }
        }

        Assert.True(failed.Count == 0, string.Join(Environment.NewLine, failed));
    }

    [Fact]
    public void Models_that_were_not_called_are_expected_amid_those_that_were_and_hoped_to_be_cheaper_the_longer_they_wait()
    {
        var model = Model(PriorTokens, PriorTokens, PriorTokens, PriorTokens);
        model.Observe(0, [1], new TokenUsage(0, 0, 5000), 0, default);
        var (alone, hope) = (Output(model, 3), model.Optimism(3));
        model.Observe(1, [1], new TokenUsage(0, 0, 50), 0, default);

        Assert.InRange(alone, 2500, 5500);
        Assert.InRange(Output(model, 0), 3000, 6000);
        Assert.InRange(Output(model, 1), 40, 125);
        Assert.InRange(Output(model, 3), 300, 800);
        Assert.True(hope < 0.3);
        var before = model.Optimism(3);
        for (var i = 0; i < 50; i++)
        {
            model.Observe(1, [1], new TokenUsage(0, 0, 50), 0, default);
        }

        Assert.True(model.Optimism(3) < 0.5 * before);
        Assert.Equal(1, model.Optimism(1));
    }

    [Fact]
    public void A_model_whose_length_is_told_keeps_to_it_whatever_the_others_cost()
    {
        var model = Model(PriorTokens, PriorTokens, 3000);
        model.Observe(0, [1], new TokenUsage(0, 0, 8000), 0, default);

        Assert.InRange(Output(model, 2), 2000, 6000);
        Assert.InRange(Output(model, 1), 4000, 9000);
    }

    [Fact]
    public void Where_prices_tell_models_apart_a_first_call_says_how_long_answers_of_all_are()
    {
        var model = new TokenModel(1);
        model.SetArms([Arm(0, 256), Arm(1, 256) with { Prices = new TokenPrices(0, 0, 2 * UsdPerToken) }], [-1, -1]);
        model.Observe(0, [1], new TokenUsage(0, 0, 5000), 0, default);

        Assert.Equal(Output(model, 0), Output(model, 1));
        Assert.Equal(1, model.Optimism(1));
    }

    private static (double Spend, double Late, double Reward) Play(string policy, int[] first)
    {
        var log = new Log(new TenantConfiguration
        {
            Arms = [.. _usd.Select((_, a) => Arm(a, PriorTokens))],
            Policy = policy,
            UsdPerRequest = Budget,
            Seed = (ulong)(7 + (10 * first[0]) + first[1]),
        });
        var (spend, late, reward) = (0.0, 0.0, 0.0);
        for (var t = 0; t < Decisions; t++)
        {
            var only = t < first.Length ? first[t] : -1;
            var decision = log.Decide(
                Log.Query((ulong)(1000 + t)),
                request => request with { UnhealthyArms = [.. _usd.Select((_, a) => $"arm{a}").Where((_, a) => only >= 0 && a != only)] });
            var arm = int.Parse(decision.ChosenArm.AsSpan(3), System.Globalization.CultureInfo.InvariantCulture);
            var usd = _usd[arm] * Math.Exp(CounterRandom.Uniform(5, (ulong)t) - 0.5);
            var earned = CounterRandom.Uniform((ulong)(100 + arm), (ulong)t) < _reward[arm] ? 1 : 0;
            log.Settle(decision, usd, usd / UsdPerToken);
            log.Reward(decision, earned);
            spend += usd / Decisions;
            late += t >= Decisions / 2 ? usd / (Decisions / 2) : 0;
            reward += t >= Decisions / 2 ? _reward[arm] / (Decisions / 2) : 0;
        }

        return (spend, late, reward);
    }

    // The best coin between two models at the budget.
    private static double BestMix()
    {
        var best = 0.0;
        for (var a = 0; a < _usd.Length; a++)
        {
            for (var b = 0; b < _usd.Length; b++)
            {
                var share = _usd[b] <= Budget ? 1 : _usd[a] > Budget ? 0 : (Budget - _usd[a]) / (_usd[b] - _usd[a]);
                best = _usd[a] <= Budget ? Math.Max(best, _reward[a] + (share * (_reward[b] - _reward[a]))) : best;
            }
        }

        return best;
    }

    private static TokenModel Model(params double[] priorTokens)
    {
        var model = new TokenModel(1);
        model.SetArms([.. priorTokens.Select((tokens, a) => Arm(a, tokens))], [.. priorTokens.Select(_ => -1)]);
        return model;
    }

    private static double Output(TokenModel model, int arm)
    {
        model.Predict(arm, [1], 0, out var output);
        return output;
    }

    private static Arm Arm(int a, double tokens) => new() { Id = $"arm{a}", Prices = new TokenPrices(0, 0, UsdPerToken), PriorOutputTokens = tokens };
}
