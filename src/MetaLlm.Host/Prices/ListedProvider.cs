namespace MetaLlm.Host.Prices;

/// <summary>A provider of the table.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Host">The host that its API lies on.</param>
/// <param name="Page">Where it publishes its prices.</param>
/// <param name="Models">Its models.</param>
internal sealed record ListedProvider(string Provider, string Host, string Page, IReadOnlyList<ListedModel> Models);
