namespace MetaLlm.Core.Arms;

/// <summary>Which arms of a new list are arms of the old one under another id.</summary>
internal static class ArmRenames
{
    /// <summary>The renames that a new list makes; those that were made before are none any more.</summary>
    /// <param name="previous">The arms so far.</param>
    /// <param name="next">The arms from now on.</param>
    public static IEnumerable<(string From, string To)> Between(IReadOnlyList<Arm> previous, IReadOnlyList<Arm> next)
    {
        foreach (var arm in next)
        {
            var before = IdBefore(previous, arm, next);
            if (before != arm.Id)
            {
                yield return (before, arm.Id);
            }
        }
    }

    /// <summary>The id that an arm has in the old list, if it is there at all.</summary>
    /// <param name="previous">The arms so far.</param>
    /// <param name="arm">An arm of the new list.</param>
    /// <param name="next">The new list.</param>
    public static string IdBefore(IReadOnlyList<Arm> previous, Arm arm, IReadOnlyList<Arm> next) =>
        arm.RenamedFrom is { } from && !Has(previous, arm.Id) && Has(previous, from) && !Has(next, from) ? from : arm.Id;

    private static bool Has(IReadOnlyList<Arm> arms, string id)
    {
        for (var a = 0; a < arms.Count; a++)
        {
            if (arms[a].Id == id)
            {
                return true;
            }
        }

        return false;
    }
}
