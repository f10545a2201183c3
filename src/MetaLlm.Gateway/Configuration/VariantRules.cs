using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// What a client says itself goes before what variants say, and no variant is called by other settings than its own: a request that has a member goes to no variant that sets it to another
/// value.
/// </summary>
internal sealed class VariantRules
{
    private readonly Dictionary<string, List<(string Arm, JsonElement Value)>> _members = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _arms;

    /// <param name="arms">The tenant's arms.</param>
    public VariantRules(IReadOnlyList<ArmVariant> arms)
    {
        _arms = [.. arms.Select(arm => arm.Id)];
        foreach (var arm in arms)
        {
            foreach (var (name, json) in arm.Variant?.Members ?? [])
            {
                if (!_members.TryGetValue(name, out var values))
                {
                    _members[name] = values = [];
                }

                using var document = JsonDocument.Parse(json);
                values.Add((arm.Id, document.RootElement.Clone()));
            }
        }
    }

    /// <summary>Leaves the models that a request can go to as it is.</summary>
    /// <param name="request">The request, in the form of chat completions.</param>
    /// <param name="wanted">The models that the client admits; null for all.</param>
    /// <param name="pinned">The one that it names; null for none.</param>
    /// <returns>Those that are left; null for all.</returns>
    /// <exception cref="ApiException">None is left.</exception>
    public IReadOnlyList<string>? Allowed(JsonElement request, IReadOnlyList<string>? wanted, string? pinned)
    {
        HashSet<string>? excluded = null;
        foreach (var (name, values) in _members)
        {
            if (!request.TryGetProperty(name, out var given) || given.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            foreach (var (arm, value) in values)
            {
                if (!JsonElement.DeepEquals(given, value))
                {
                    (excluded ??= new(StringComparer.Ordinal)).Add(arm);
                    if (arm == pinned)
                    {
                        throw ApiException.BadField(name, $"is given, and model '{arm}' has another value of its own; leave it out, or name a model without.");
                    }
                }
            }
        }

        if (excluded is null)
        {
            return wanted;
        }

        var left = (wanted ?? _arms).Where(arm => !excluded.Contains(arm)).ToList();
        return left.Count > 0
            ? left
            : throw ApiException.BadField(_members.Keys.First(name => request.TryGetProperty(name, out _)), "is given, and every model that may serve has another value of its own; leave it out, or allow a model without.");
    }
}
