using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Json;

/// <summary>Changes to a request's own members: those that an arm's configuration asks for, then those that the model's earlier objections do.</summary>
internal static class RequestChanges
{
    /// <summary>A member on its way to the upstream.</summary>
    /// <param name="Source">Its name in the client's request; null where the configuration added it.</param>
    /// <param name="Json">Its value.</param>
    private readonly record struct Entry(string? Source, string Json);

    public static bool IsNeeded(CallOptions options, Cures cures) =>
        options.DropParameters.Count + options.RenameParameters.Count + options.Defaults.Count > 0 || cures.Dropped.Count > 0 || cures.LimitName is not null;

    /// <summary>Adds the edits.</summary>
    /// <returns>The client's members that the cures left out or renamed.</returns>
    public static IReadOnlyList<string> Add(ChatCall call, Cures cures, List<JsonEdit> edits)
    {
        using var document = JsonDocument.Parse(call.Body);
        var entries = new Dictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!edits.Exists(e => e.Name == member.Name))
            {
                // Long values stay where they are; nothing here looks at them.
                entries[member.Name] = new Entry(member.Name, member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? string.Empty : member.Value.GetRawText());
            }
        }

        var asked = entries.Keys.ToList();
        Configure(entries, call.Options);
        var adapted = Cure(entries, cures);
        foreach (var name in asked.Where(name => !entries.Values.Any(e => e.Source == name)))
        {
            edits.Add(new(name, null));
        }

        foreach (var (name, entry) in entries)
        {
            if (entry.Source is null)
            {
                edits.Add(new(name, Encoding.UTF8.GetBytes(entry.Json), AddIfMissing: true));
            }
            else if (entry.Source != name)
            {
                edits.Add(new(entry.Source, Encoding.UTF8.GetBytes(document.RootElement.GetProperty(entry.Source).GetRawText()), NewName: name));
            }
        }

        return adapted;
    }

    private static void Configure(Dictionary<string, Entry> entries, CallOptions options)
    {
        foreach (var name in options.DropParameters)
        {
            entries.Remove(name);
        }

        foreach (var (from, to) in options.RenameParameters)
        {
            if (entries.Remove(from, out var entry))
            {
                entries.TryAdd(to, entry);
            }
        }

        foreach (var (name, json) in options.Defaults)
        {
            // The limit of an answer has two names.
            if (!CurableParameters.Limits.Contains(name) || !entries.ContainsKey(CurableParameters.OtherLimit(name)))
            {
                entries.TryAdd(name, new Entry(null, json));
            }
        }
    }

    private static List<string> Cure(Dictionary<string, Entry> entries, Cures cures)
    {
        var adapted = new List<string>();
        foreach (var (name, entry) in entries.Where(e => cures.Drops(e.Key, e.Value.Json)).ToList())
        {
            entries.Remove(name);
            adapted.Add(entry.Source ?? name);
        }

        if (cures.LimitName is { } limit && entries.Remove(CurableParameters.OtherLimit(limit), out var old))
        {
            adapted.Add(old.Source ?? CurableParameters.OtherLimit(limit));

            // Where a request has both, the lower one holds.
            if (!entries.TryGetValue(limit, out var other) || IsLower(old.Json, other.Json))
            {
                entries[limit] = old;
            }
        }

        return adapted;
    }

    private static bool IsLower(string left, string right) => double.TryParse(left, out var a) && double.TryParse(right, out var b) && a < b;
}
