using System.Collections;

namespace MetaLlm.Engine.Configuration;

/// <summary>Compares settings.</summary>
internal static class SettingsChanges
{
    /// <summary>Gives new settings the old values of all members that need a restart.</summary>
    /// <param name="old">The settings in force.</param>
    /// <param name="changed">The new ones, of the same class.</param>
    /// <param name="path">Their place.</param>
    /// <returns>The places of the members that would have changed.</returns>
    public static IReadOnlyList<string> KeepUntilRestart(object old, object changed, string path)
    {
        var kept = new List<string>();
        foreach (var (place, keep) in Find(old, changed, path, all: false))
        {
            kept.Add(place);
            keep();
        }

        return kept;
    }

    /// <summary>Whether a configuration file would say the same for both.</summary>
    /// <param name="one">Settings.</param>
    /// <param name="other">Settings of the same class.</param>
    public static bool AreSame(object one, object other) => !Find(one, other, "", all: true).Any();

    private static IEnumerable<(string Place, Action Keep)> Find(object old, object changed, string path, bool all)
    {
        foreach (var member in SettingsShape.Of(old.GetType()).InFile)
        {
            var (before, after, place) = (member.Get(old), member.Get(changed), $"{path}.{member.Name}");
            var counts = all || member.NeedsRestart;
            var inside = (member.Kind, before, after) switch
            {
                (SettingsKind.Object, IDictionary was, IDictionary now) => was.Keys.Cast<string>().Where(now.Contains)
                    .SelectMany(name => Find(was[name]!, now[name]!, $"{place}.{name}", counts)),
                (SettingsKind.Object, not (null or IEnumerable), not (null or IEnumerable)) => Find(before, after, place, counts),
                _ when counts && !Same(before, after) => [(place, () => member.Set(changed, before))],
                _ => Enumerable.Empty<(string, Action)>(),
            };
            foreach (var change in inside)
            {
                yield return change;
            }
        }
    }

    private static bool Same(object? one, object? other) => one is IEnumerable some and not string && other is IEnumerable others
        ? some.Cast<object>().SequenceEqual(others.Cast<object>())
        : Equals(one, other);
}
