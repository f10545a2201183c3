using MetaLlm.Core.Arms;
using MetaLlm.Core.Budgets;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    // What an answer is taken to be at most where neither request, arm nor the model's context says.
    private const double UnknownOutputTokens = 16_384;

    private double[] _bounds = [];

    /// <summary>What caps are to hold back for a call of each arm. A prediction above what request or arm admit is brought down to that.</summary>
    private void Bound(TenantConfiguration configuration, DecisionRequest request)
    {
        var scores = _scores!;
        if (_bounds.Length != configuration.Arms.Count)
        {
            _bounds = new double[configuration.Arms.Count];
        }

        for (var a = 0; a < _bounds.Length; a++)
        {
            var arm = configuration.Arms[a];
            var most = MostCost(arm, request, OutputLimit(arm, request));
            if (request.MaxOutputTokens is not null || arm.MaxOutputTokens > 0)
            {
                scores.CostUsd[a] = Math.Min(scores.CostUsd[a], most);
            }

            var held = configuration.HardCapReserve switch
            {
                HardCapReserve.Mean => scores.CostUsd[a],
                HardCapReserve.P99 when double.IsFinite(scores.OutputQuantileFactor) => Math.Min(most, Quantile(arm, request, a)),
                _ => most,
            };
            _bounds[a] = Math.Max(scores.CostUsd[a], held);
        }
    }

    private double Quantile(Arm arm, DecisionRequest request, int a) =>
        _scores!.CostUsd[a] + (((request.Choices * _scores.OutputQuantileFactor) - 1) * _scores.OutputTokens[a] * arm.Prices.Output);

    private static double MostCost(Arm arm, DecisionRequest request, double outputTokens)
    {
        var input = Math.Max(request.InputTokensBound, request.Features.InputTokens) + (arm.Overhead?.MostInputTokens ?? 0);
        return arm.Prices.MostCost(input, request.Choices * outputTokens, arm.MostInputPrice, arm.MostOutputPrice) + (arm.Overhead?.Usd ?? 0);
    }

    private static double OutputLimit(Arm arm, DecisionRequest request) => (request.MaxOutputTokens, arm.MaxOutputTokens) switch
    {
        ({ } asked, > 0 and var most) => Math.Min(asked, most),
        ({ } asked, _) => asked,
        (null, > 0 and var most) => most,
        _ => arm.ContextTokens > 0 ? arm.ContextTokens : UnknownOutputTokens,
    };

    /// <summary>What keeps a request from the cheapest of the arms that caps have no room for, and with which limit of its output one of them could serve it.</summary>
    private HardCapRefusal? RefusalOf(
        TenantConfiguration configuration, DecisionRequest request, DateTimeOffset at, double heldUsd, decimal headroom, string?[] exclusions)
    {
        var (least, tokens) = (double.PositiveInfinity, 0.0);
        for (var a = 0; a < exclusions.Length; a++)
        {
            if (exclusions[a] == ArmExclusions.OverHardCap)
            {
                least = Math.Min(least, _bounds[a]);
                tokens = Math.Max(tokens, FittingTokens(configuration.Arms[a], request, headroom));
            }
        }

        return double.IsFinite(least)
            ? Refusal(configuration, at, heldUsd, SpendLedger.Round(least), tokens >= 1 ? (int)Math.Min(tokens, int.MaxValue) : null)
            : null;
    }

    private static double FittingTokens(Arm arm, DecisionRequest request, decimal headroom)
    {
        var perToken = request.Choices * Math.Max(arm.Prices.Output, arm.MostOutputPrice);
        if (!(perToken > 0))
        {
            return 0;
        }

        // Rounding may put the quotient one token too high.
        var tokens = Math.Floor(((double)headroom - MostCost(arm, request, 0)) / perToken);
        for (var tries = 0; tries < 2 && tokens >= 1 && SpendLedger.Round(MostCost(arm, request, tokens)) > headroom; tries++)
        {
            tokens--;
        }

        return tokens;
    }
}
