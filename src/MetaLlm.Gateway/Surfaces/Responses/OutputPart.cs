using System.Text;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>A part of an item: a text of a message, a refusal, or a summary of reasoning.</summary>
/// <param name="IsRefusal">Whether it is a refusal.</param>
internal sealed record OutputPart(bool IsRefusal)
{
    /// <summary>What has come of it.</summary>
    public StringBuilder Text { get; } = new();
}
