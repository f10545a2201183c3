namespace MetaLlm.Gateway.Authentication;

/// <summary>Who manages.</summary>
/// <param name="Actor">Id of the key; <see cref="Configuration"/> for that of the configuration.</param>
/// <param name="Role">What the key may do.</param>
internal sealed record AdminCaller(string Actor, AdminRole Role)
{
    /// <summary>The actor who holds the key that the configuration names.</summary>
    public const string Configuration = "configuration";
}
