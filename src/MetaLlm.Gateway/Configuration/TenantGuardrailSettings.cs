using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Which guardrails look at a tenant's texts. Each sees what the one before has left.</summary>
public sealed record TenantGuardrailSettings
{
    private const int Most = 16;

    /// <summary>Guardrails of requests, in order, by name: they look before a model is chosen.</summary>
    [StringLength(128)]
    public IReadOnlyList<string> Request { get; init; } = [];

    /// <summary>Guardrails of answers, in order, by name: they look before the client gets it.</summary>
    [StringLength(128)]
    public IReadOnlyList<string> Answer { get; init; } = [];

    /// <summary>When those of answers look at a stream.</summary>
    public GuardedStreams Stream { get; init; }

    /// <summary>Characters after which a stream that is checked in chunks is looked at again.</summary>
    /// <value>Default 400; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int ChunkCharacters { get; init; } = 400;

    /// <summary>Which they are, as a text; empty for none.</summary>
    internal string Words => Request.Count + Answer.Count == 0 ? "" : $"{string.Join(',', Request)};{string.Join(',', Answer)};{Stream}";

    /// <param name="known">The guardrails of the configuration.</param>
    /// <param name="errors">Receives names of none.</param>
    internal void Check(IReadOnlyDictionary<string, GuardrailSettings> known, SettingsErrors errors)
    {
        Check(Request, "request", known, errors);
        Check(Answer, "answer", known, errors);
    }

    private static void Check(IReadOnlyList<string> names, string member, IReadOnlyDictionary<string, GuardrailSettings> known, SettingsErrors errors)
    {
        if (names.Count > Most)
        {
            errors.Add(member, $"has {names.Count} entries; {Most} are the most.");
        }

        for (var i = 0; i < names.Count; i++)
        {
            if (!known.ContainsKey(names[i]))
            {
                errors.At(member).At(i).Add(null, $"is '{names[i]}', which is no guardrail; {(known.Count == 0 ? "the configuration has none" : $"guardrails are {string.Join(", ", known.Keys)}")}.");
            }
            else if (names.Take(i).Contains(names[i], StringComparer.Ordinal))
            {
                errors.At(member).At(i).Add(null, $"is '{names[i]}', which stands in the list already.");
            }
        }
    }
}
