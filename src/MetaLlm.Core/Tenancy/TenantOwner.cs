using System.Globalization;

namespace MetaLlm.Core.Tenancy;

/// <summary>
/// Names of a tenant's owners. Most tenants have one, which is called as the tenant is. Of several, the k-th is called <c>tenant#k</c> from the second on, and the ids of its decisions
/// name it.
/// </summary>
public static class TenantOwner
{
    /// <summary>Most owners that a tenant can have.</summary>
    public const int Most = 16;

    /// <summary>What stands between a tenant and the number of its owner. No tenant's own name has it.</summary>
    public const char Mark = '#';

    private const string DecisionPrefix = "dec-";

    /// <summary>The name of an owner.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="number">Which of its owners, from 1.</param>
    public static string Name(string tenant, int number) =>
        number == 1 ? tenant : string.Create(CultureInfo.InvariantCulture, $"{tenant}{Mark}{number}");

    /// <summary>The tenant of an owner.</summary>
    /// <param name="owner">The owner's name.</param>
    public static string TenantOf(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return Split(owner) is > 0 and var at ? owner[..at] : owner;
    }

    /// <summary>Which of its tenant's owners one is, from 1.</summary>
    /// <param name="owner">The owner's name.</param>
    public static int NumberOf(string owner)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return Split(owner) is > 0 and var at ? int.Parse(owner.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture) : 1;
    }

    /// <summary>The beginning of the id of a decision.</summary>
    /// <param name="owner">The name of the owner that decides.</param>
    /// <param name="ordinal">Ordinal of the decision with that owner.</param>
    public static string DecisionStem(string owner, long ordinal) => NumberOf(owner) is > 1 and var number
        ? string.Create(CultureInfo.InvariantCulture, $"{DecisionPrefix}{ordinal}-s{number}-")
        : string.Create(CultureInfo.InvariantCulture, $"{DecisionPrefix}{ordinal}-");

    /// <summary>The owner that made a decision, by the decision's id. Of an id that no owner gave it is the first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision.</param>
    public static string OfDecision(string tenant, string decisionId)
    {
        ArgumentNullException.ThrowIfNull(decisionId);
        if (!decisionId.StartsWith(DecisionPrefix, StringComparison.Ordinal))
        {
            return tenant;
        }

        var rest = decisionId.AsSpan(DecisionPrefix.Length);
        var dash = rest.IndexOf('-');
        if (dash < 0 || rest[(dash + 1)..] is not ['s', .. var marked] || marked.IndexOf('-') is not (> 0 and var end))
        {
            return tenant;
        }

        return IsNumber(marked[..end], out var number) ? Name(tenant, number) : tenant;
    }

    private static int Split(string owner)
    {
        var at = owner.LastIndexOf(Mark);
        return at > 0 && IsNumber(owner.AsSpan(at + 1), out _) ? at : -1;
    }

    private static bool IsNumber(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is > 1 and <= Most && text[0] != '0';
}
