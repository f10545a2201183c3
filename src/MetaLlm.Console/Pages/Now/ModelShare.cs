namespace MetaLlm.WebConsole.Pages.Now;

/// <summary>What a model had of the last minutes.</summary>
/// <param name="Model">The model.</param>
/// <param name="Count">Calls that it served.</param>
/// <param name="Share">Its part of all.</param>
/// <param name="SpentUsd">What they cost, USD.</param>
/// <param name="MeanReward">Mean reward; null without any.</param>
/// <param name="MeanSeconds">Mean time to the full answer; null without any.</param>
internal sealed record ModelShare(string Model, int Count, double Share, double SpentUsd, double? MeanReward, double? MeanSeconds);
