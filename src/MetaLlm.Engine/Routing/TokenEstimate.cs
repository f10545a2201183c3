namespace MetaLlm.Engine.Routing;

/// <summary>Token counts where nobody has counted: about four characters of text to a token.</summary>
public static class TokenEstimate
{
    /// <summary>Tokens that a message costs beside its text: role and separators.</summary>
    public const double PerMessage = 4;

    /// <summary>Tokens of an image at low detail, the least that vision models charge.</summary>
    public const double PerImage = 85;

    private const double CharactersPerToken = 4;

    /// <summary>Tokens of a text.</summary>
    /// <param name="characters">Its length, at least 0.</param>
    /// <returns>Tokens, not rounded.</returns>
    public static double FromCharacters(long characters) => characters / CharactersPerToken;
}
