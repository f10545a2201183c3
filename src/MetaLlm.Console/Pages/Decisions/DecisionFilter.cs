using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.WebConsole.Pages.Decisions;

/// <summary>What the search form says, and what is found by it.</summary>
internal sealed class DecisionFilter
{
    private const int LongestText = 256;
    private const int OnPage = 50;

    /// <summary>Reads the form.</summary>
    /// <param name="query">The request's query.</param>
    public DecisionFilter(IQueryCollection query)
    {
        Model = Text(query, "model");
        Task = Text(query, "task");
        FromText = Text(query, "from");
        ToText = Text(query, "to");
        From = Time(FromText, "from");
        To = Time(ToText, "to");
        After = Text(query, "after");
        if (From >= To)
        {
            Problems.Add($"'from' is {FromText}; it must be before 'to', which is {ToText}.");
        }
    }

    public string? Model { get; }

    public string? Task { get; }

    public string? FromText { get; }

    public string? ToText { get; }

    public DateTimeOffset? From { get; }

    public DateTimeOffset? To { get; }

    /// <summary>Where to go on: for each of the tenant's owners the ordinal before which it is searched, or a dash for one that has no more; null for the first page.</summary>
    public string? After { get; }

    /// <summary>What is wrong with the form.</summary>
    public List<string> Problems { get; } = [];

    /// <summary>Searches, each owner of the tenant by itself, and puts what they found in the order of time.</summary>
    /// <param name="search">The store.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The decisions, newest first, and where to go on; null at the end.</returns>
    public async Task<(IReadOnlyList<DecisionSummary> Decisions, string? Next)> FindAsync(IDecisionSearch search, TenantSettings tenant, CancellationToken cancellationToken)
    {
        var positions = Positions(Math.Max(1, tenant.Shards));
        var pages = new List<(int Owner, DecisionSearchPage Page)>();
        for (var owner = 0; owner < positions.Length; owner++)
        {
            if (positions[owner] is var before && before != 0)
            {
                pages.Add((owner, await search.SearchAsync(
                    new DecisionSearchQuery { Owner = TenantOwner.Name(tenant.Id, owner + 1), From = From, To = To, Arm = Model, Task = Task, Before = before, Limit = OnPage }, cancellationToken).ConfigureAwait(false)));
            }
        }

        var shown = pages.SelectMany(page => page.Page.Decisions.Select(decision => (page.Owner, Decision: decision))).OrderByDescending(found => found.Decision.At).ThenByDescending(found => found.Decision.Ordinal).Take(OnPage).ToList();
        foreach (var (owner, page) in pages)
        {
            var taken = shown.Where(found => found.Owner == owner).Select(found => found.Decision.Ordinal).ToList();
            positions[owner] = taken.Count < page.Decisions.Count ? (taken.Count > 0 ? taken.Min() : positions[owner]) : page.Next ?? 0;
        }

        return ([.. shown.Select(found => found.Decision)], positions.Any(position => position != 0) ? string.Join('.', positions.Select(position => position is { } at ? at.ToString(CultureInfo.InvariantCulture) : "")) : null);
    }

    /// <summary>For each owner: null for the newest, 0 for no more.</summary>
    private long?[] Positions(int owners)
    {
        var parts = After?.Split('.') ?? [];
        var positions = new long?[owners];
        for (var i = 0; i < Math.Min(owners, parts.Length); i++)
        {
            positions[i] = parts[i].Length == 0 ? null : long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : throw ApiException.BadField("after", $"is '{After}'; it must be that of a link to older decisions.");
        }

        return positions;
    }

    private static string? Text(IQueryCollection query, string name)
    {
        var text = query[name].ToString().Trim();
        return text.Length switch
        {
            0 => null,
            > LongestText => throw ApiException.BadField(name, $"has {text.Length} characters; {LongestText} are the most."),
            _ => text,
        };
    }

    private DateTimeOffset? Time(string? text, string name)
    {
        if (text is null)
        {
            return null;
        }

        if (IsoTime.Parse(text) is { } time)
        {
            return time;
        }

        Problems.Add($"'{name}' is '{text}'; it must be a date or a time in ISO 8601, such as 2027-01-31 or 2027-01-31T12:00.");
        return null;
    }
}
