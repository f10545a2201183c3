namespace MetaLlm.Engine.Ports;

/// <summary>What is known of one model beyond its address: how requests to it are changed, what it may count, and what it charges.</summary>
[GenerateSerializer, Immutable, Alias("metallm.call-options")]
public sealed record CallOptions
{
    /// <summary>Nothing is known.</summary>
    public static CallOptions None { get; } = new();

    /// <summary>Members of the request that the model is not sent.</summary>
    [Id(0)]
    public IReadOnlyList<string> DropParameters { get; init => field = value.ToArray(); } = [];

    /// <summary>Members of the request that the model knows under another name: from the client's name to the model's. The model's name wins where a request has both.</summary>
    [Id(1)]
    public IReadOnlyList<KeyValuePair<string, string>> RenameParameters { get; init => field = value.ToArray(); } = [];

    /// <summary>Members that a request gets where it lacks them, by the model's names; values are JSON.</summary>
    [Id(2)]
    public IReadOnlyList<KeyValuePair<string, string>> Defaults { get; init => field = value.ToArray(); } = [];

    /// <summary>What tokens cost; null where it is not known.</summary>
    [Id(3)]
    public UsagePrices? Prices { get; init; }

    /// <summary>Longest prompt, tokens; 0 for unknown. A count far above it is not believed.</summary>
    [Id(4)]
    public int ContextTokens { get; init; }

    /// <summary>Longest answer with its reasoning, tokens; 0 for unknown. A count far above it is not believed.</summary>
    [Id(5)]
    public int MaxOutputTokens { get; init; }

    /// <summary>Headers of every request to the model, by name; they replace those of the upstream. Values may be secret: never printed.</summary>
    [Id(6)]
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init => field = value.ToArray(); } = [];

    /// <summary>Parameters in the query of every request to the model, by name; they replace those of the upstream. Values may be secret: never printed.</summary>
    [Id(7)]
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init => field = value.ToArray(); } = [];

    /// <summary>Numbers of a vector that the model gives unless the request asks for another length (<c>dimensions</c>); 0 for unknown, or a model that gives none.</summary>
    [Id(8)]
    public int Dimensions { get; init; }

    /// <summary>Instructions that stand before everything else in the prompt, UTF-8; empty for none. Never printed.</summary>
    [Id(12)]
    public ReadOnlyMemory<byte> SystemPrompt { get; init; }
}
