namespace MetaLlm.Providers.Credentials;

/// <summary>A key that signs requests to Amazon. Never printed.</summary>
/// <param name="Id">Its id, which is sent.</param>
/// <param name="Secret">Its secret, which is not.</param>
/// <param name="Token">Token of a session that it belongs to; null for a lasting key.</param>
internal sealed record AwsKey(string Id, string Secret, string? Token)
{
    /// <summary>Reads a configured key of the form <c>ID:SECRET</c> or <c>ID:SECRET:TOKEN</c>; null when it is a bearer key, which has no colon.</summary>
    public static AwsKey? Read(string key) => key.Split(':', 3) switch
    {
        [{ Length: > 0 } id, { Length: > 0 } secret] => new AwsKey(id, secret, null),
        [{ Length: > 0 } id, { Length: > 0 } secret, { Length: > 0 } token] => new AwsKey(id, secret, token),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => nameof(AwsKey);
}
