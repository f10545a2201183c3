namespace MetaLlm.Engine.Ports;

/// <summary>What a model said against a request. It may quote the prompt: it goes to the client of that request, and nowhere else.</summary>
/// <param name="Status">HTTP status, 400 to 499.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">The body as it came.</param>
[GenerateSerializer, Immutable, Alias("metallm.upstream-objection")]
public sealed record UpstreamObjection(
    [property: Id(0)] int Status,
    [property: Id(1)] string ContentType,
    [property: Id(2)] ReadOnlyMemory<byte> Body)
{
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Status = ").Append(Status);
        return true;
    }
}
