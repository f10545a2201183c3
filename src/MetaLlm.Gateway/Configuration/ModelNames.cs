namespace MetaLlm.Gateway.Configuration;

/// <summary>What requests may name as their model.</summary>
internal static class ModelNames
{
    /// <summary>The name that asks for routing.</summary>
    public const string Auto = "auto";

    /// <summary>Whether a name asks for routing.</summary>
    /// <param name="model">The name.</param>
    public static bool IsAuto(string model) => model is Auto or "metallm/auto";
}
