using MetaLlm.Core.Arms;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What the tokens of a model cost, at whichever deployment and from whichever moment on.</summary>
internal static class ServedPrices
{
    private const int Most = 64;

    /// <summary>Checks the dated prices of a model.</summary>
    public static void CheckPrices(this IServedModel model, SettingsErrors errors)
    {
        if (model.Prices.Count > Most)
        {
            errors.Add("prices", $"has {model.Prices.Count} entries; {Most} are the most.");
        }

        for (var i = 0; i < model.Prices.Count; i++)
        {
            model.Prices[i].Complete(i == 0 ? null : model.Prices[i - 1].Since, errors.At("prices").At(i));
        }
    }

    /// <summary>Refuses prices of what embedding models have none of.</summary>
    /// <param name="prices">Members and what they say; null where they are left out.</param>
    /// <param name="errors">Receives each that is given.</param>
    public static void RefuseOutputs(IEnumerable<(string Member, double? Price)> prices, SettingsErrors errors)
    {
        foreach (var (member, price) in prices.Where(one => one.Price is not null))
        {
            errors.Add(member, FormattableString.Invariant($"is {price}; an embedding model has a price of prompt tokens alone, so that it must be left out."));
        }
    }

    /// <summary>What its tokens cost at a moment, at a deployment without prices of its own.</summary>
    public static UsagePrices PricesAt(this IServedModel model, DateTimeOffset at) => model.Prices.LastOrDefault(dated => dated.Since <= at)?.All ?? model.FirstPrices;

    /// <summary>Every price with the moment from which it holds; empty where prices have no dates.</summary>
    public static IReadOnlyList<DatedPrices> PriceList(this IServedModel model) =>
        model.Prices.Count == 0 ? [] : [new(DateTimeOffset.MinValue, model.FirstPrices.List), .. model.Prices.Select(dated => new DatedPrices(dated.Since, dated.List))];

    /// <summary>What a token is expected to cost, and what it can cost at most; 0 where the expected prices tell that too.</summary>
    public static (TokenPrices Prices, double MostInput, double MostOutput) Expected(this IServedModel model, DateTimeOffset at)
    {
        var own = model.PricesAt(at);
        if (model.Deployments.All(deployment => deployment.Prices is null))
        {
            return (own.List, own.Dearest.Input, own.Dearest.Output);
        }

        var all = model.Deployments.Select(deployment => (deployment.Weight, Prices: deployment.Prices ?? own)).ToList();
        var weights = all.Sum(one => one.Weight);
        double Mean(Func<UsagePrices, double> price) => weights > 0 ? all.Sum(one => one.Weight * price(one.Prices)) / weights : all.Average(one => price(one.Prices));
        return (
            new TokenPrices(Mean(prices => prices.Input), Mean(prices => prices.CachedInput), Mean(prices => prices.Output)),
            all.Max(one => Math.Max(one.Prices.Dearest.Input, one.Prices.List.MostCost(1, 0))),
            all.Max(one => Math.Max(one.Prices.Dearest.Output, one.Prices.Output)));
    }
}
