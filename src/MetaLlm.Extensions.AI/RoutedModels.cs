using System.Globalization;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI;

/// <summary>The keyed <see cref="IChatClient"/>s that a tenant's requests are routed over, and what it may spend. It writes the configuration that a file could have; whatever else is to be said goes there.</summary>
public sealed class RoutedModels
{
    private readonly List<string> _ids = [];
    private readonly List<KeyValuePair<string, string?>> _arms = [];
    private readonly List<KeyValuePair<string, string?>> _upstreams = [];
    private readonly List<KeyValuePair<string, string?>> _budget = [];

    internal RoutedModels()
    {
    }

    internal int Count => _ids.Count;

    /// <summary>Adds a model: the client that is registered under a key.</summary>
    /// <param name="key">The key of the client, which is the model's id: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="inputUsdPerMillion">Price of a million prompt tokens, USD, at least 0.</param>
    /// <param name="outputUsdPerMillion">Price of a million tokens of answers, USD, at least 0.</param>
    /// <param name="model">What the client is to call the model (<see cref="ChatOptions.ModelId"/>); null for the client's own default.</param>
    /// <param name="capabilities">What it can do, of <c>tools</c>, <c>vision</c> and <c>json</c>; none for everything.</param>
    /// <returns>The same list.</returns>
    /// <exception cref="ArgumentException">The key is no legal id, or was added before.</exception>
    public RoutedModels Add(string key, double inputUsdPerMillion, double outputUsdPerMillion, string? model = null, params ReadOnlySpan<string> capabilities)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (!key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException($"key is '{key}'; letters, digits, '-', '_' and '.' are legal.", nameof(key));
        }

        if (_ids.Contains(key))
        {
            throw new ArgumentException($"key is '{key}', which was added before.", nameof(key));
        }

        var arm = $"arms:{_ids.Count.ToString(CultureInfo.InvariantCulture)}";
        _ids.Add(key);
        _upstreams.Add(new($"{key}:kind", "chat-client"));
        _arms.Add(new($"{arm}:id", key));
        _arms.Add(new($"{arm}:upstream", key));
        _arms.Add(new($"{arm}:inputUsdPerMillion", Text(inputUsdPerMillion)));
        _arms.Add(new($"{arm}:outputUsdPerMillion", Text(outputUsdPerMillion)));
        if (model is not null)
        {
            _arms.Add(new($"{arm}:model", model));
        }

        for (var i = 0; i < capabilities.Length; i++)
        {
            _arms.Add(new($"{arm}:capabilities:{i.ToString(CultureInfo.InvariantCulture)}", capabilities[i]));
        }

        return this;
    }

    /// <summary>Says what the tenant may spend.</summary>
    /// <param name="usdPerRequest">Mean spend per request to keep, USD, above 0; null for no such limit.</param>
    /// <param name="usdPerDay">Spend of a day from midnight to midnight UTC that is never exceeded, USD, above 0; null for no such limit.</param>
    /// <returns>The same list.</returns>
    public RoutedModels Budget(double? usdPerRequest = null, double? usdPerDay = null)
    {
        _budget.Clear();
        if (usdPerRequest is { } mean)
        {
            _budget.Add(new("budget:usdPerRequest", Text(mean)));
        }

        if (usdPerDay is { } cap)
        {
            _budget.Add(new("budget:usdPerDay", Text(cap)));
        }

        return this;
    }

    /// <summary>The settings, by their paths.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="index">Its place among the tenants of the configuration.</param>
    internal Dictionary<string, string?> ToConfiguration(string tenant, int index)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (path, value) in _upstreams)
        {
            settings[$"MetaLlm:upstreams:{path}"] = value;
        }

        var place = $"MetaLlm:tenants:{index.ToString(CultureInfo.InvariantCulture)}";
        settings[$"{place}:id"] = tenant;
        foreach (var (path, value) in _arms.Concat(_budget))
        {
            settings[$"{place}:{path}"] = value;
        }

        return settings;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
