namespace MetaLlm.Host.Prices;

/// <summary>A provider of the table.</summary>
/// <param name="Provider">Its name.</param>
/// <param name="Host">The host that its API lies on; <c>*</c> stands for one part of it, such as a region.</param>
/// <param name="Page">Where it publishes its prices.</param>
/// <param name="Models">Its models.</param>
/// <param name="Read">The day on which its prices were read; null for the table's.</param>
/// <param name="Source">Where they were read; null for the table's.</param>
internal sealed record ListedProvider(string Provider, string Host, string Page, IReadOnlyList<ListedModel> Models, DateOnly? Read = null, Uri? Source = null)
{
    /// <summary>Whether its API lies on a host.</summary>
    public bool Serves(string host)
    {
        var (pattern, parts) = (Host.Split('.'), host.Split('.'));
        return pattern.Length == parts.Length && pattern.Zip(parts).All(pair => pair.First == "*" || pair.First == pair.Second);
    }
}
