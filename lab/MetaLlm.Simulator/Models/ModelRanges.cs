namespace MetaLlm.Simulator.Models;

/// <summary>Legal ranges of a model's figures, and the errors that name them.</summary>
internal static class ModelRanges
{
    public const double MinimumAbility = -1;
    public const double MaximumAbility = 2;

    private const decimal MaximumPrice = 10_000m;
    private static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(60);

    public static IEnumerable<string> Errors(string field, SimulatedModel model)
    {
        if (string.IsNullOrWhiteSpace(model.Name))
        {
            yield return $"{field}.Name: '{model.Name}' is empty.";
        }

        foreach (var (name, ability) in model.Abilities.Select(pair => ($"{field}.Abilities[{EnumNames.Of(pair.Key)}]", pair.Value)).Prepend(($"{field}.Ability", model.Ability)))
        {
            if (!(ability is >= MinimumAbility and <= MaximumAbility))
            {
                yield return FormattableString.Invariant($"{name}: {ability} is outside {MinimumAbility} to {MaximumAbility}.");
            }
        }

        if (model.TimeToFirstToken < TimeSpan.Zero || model.TimeToFirstToken > MaximumWait)
        {
            yield return FormattableString.Invariant($"{field}.TimeToFirstToken: {model.TimeToFirstToken.TotalSeconds} s is outside 0 to 60 s.");
        }

        if (!(model.TokensPerSecond is >= 1 and <= 10_000))
        {
            yield return FormattableString.Invariant($"{field}.TokensPerSecond: {model.TokensPerSecond} is outside 1 to 10000.");
        }

        if (model.ReplyTokens is < 1 or > 4000)
        {
            yield return FormattableString.Invariant($"{field}.ReplyTokens: {model.ReplyTokens} is outside 1 to 4000.");
        }

        foreach (var error in PriceErrors($"{field}.Price", model.Price))
        {
            yield return error;
        }
    }

    public static IEnumerable<string> PriceErrors(string field, ModelPrice? price)
    {
        if (price is null)
        {
            yield break;
        }

        foreach (var (name, value) in new[] { ("input", price.InputPerMillion), ("cached input", price.CachedInputPerMillion), ("output", price.OutputPerMillion) })
        {
            if (value is < 0 or > MaximumPrice)
            {
                yield return FormattableString.Invariant($"{field}: the {name} price {value} is outside 0 to {MaximumPrice} USD per million tokens.");
            }
        }
    }
}
