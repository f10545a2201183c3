using MetaLlm.Engine.Admission;

namespace MetaLlm.Gateway.Authentication;

/// <summary>The key of a request to a tenant.</summary>
/// <param name="Id">Its id; of a key of the configuration, <c>file-</c> and the beginning of its SHA-256. Null for a caller without a key.</param>
/// <param name="Scopes">What it opens.</param>
internal sealed record CallerKey(string? Id, KeyScope Scopes)
{
    /// <summary>The id that decisions are recorded with: that of a key of the directory, else null.</summary>
    public string? OfDirectory { get; init; }

    /// <summary>The key's own limits, beside those of its tenant; they hold for a key with an id.</summary>
    public AdmissionLimits Limits { get; init; } = AdmissionLimits.None;

    /// <summary>A caller without a key.</summary>
    public static CallerKey Anonymous { get; } = new(null, KeyScope.All);
}
