using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What a client asks, in no format yet.</summary>
/// <param name="Model">The arm.</param>
/// <param name="Text">The user's first words.</param>
internal sealed record Question(string Model, string Text = "Say something.")
{
    /// <summary>Names of tools, each of which takes a city.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Whether a tool must be called.</summary>
    public bool MustCall { get; init; }

    public bool HasImage { get; init; }

    public bool HasDocument { get; init; }

    /// <summary>Whether the answer is to be an object with the member <c>answer</c>.</summary>
    public bool HasForm { get; init; }

    /// <summary>Whether the model is to think.</summary>
    public bool Thinks { get; init; }

    public bool Stream { get; init; }

    /// <summary>What was said since the first words.</summary>
    public IReadOnlyList<Step> Steps { get; init; } = [];

    /// <summary>Members of the format's own; null for none.</summary>
    public JsonObject? More { get; init; }
}
