namespace MetaLlm.Engine.Ports;

/// <summary>A client's request in the format that it was written in. An upstream that speaks the format gets it as it came, and its answer reaches the client as it comes.</summary>
/// <param name="Protocol">The format, as <see cref="UpstreamEndpoint.Protocol"/> names it.</param>
/// <param name="Body">UTF-8 JSON, an object.</param>
/// <param name="IdPrefix">What stands before the decision's id in the <c>id</c> of such an answer.</param>
[GenerateSerializer, Immutable, Alias("metallm.native-request")]
public sealed record NativeRequest(
    [property: Id(0)] string Protocol,
    [property: Id(1)] ReadOnlyMemory<byte> Body,
    [property: Id(2)] string IdPrefix)
{
    /// <summary>Whether it asks for what the translated request does not: it goes as it is, or not at all.</summary>
    [Id(3)]
    public bool IsRequired { get; init; }

    /// <summary>The client's headers that go with it, by name.</summary>
    [Id(4)]
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init => field = value.ToArray(); } = [];
}
