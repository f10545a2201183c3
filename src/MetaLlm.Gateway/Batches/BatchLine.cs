using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>A query of a batch.</summary>
/// <param name="CustomId">The client's name of it, unique within the file.</param>
/// <param name="Body">The request, UTF-8 JSON.</param>
internal sealed record BatchLine(string CustomId, byte[] Body)
{
    /// <summary>The request as it is sent to one model.</summary>
    /// <param name="model">The model; null for what the request says.</param>
    public byte[] For(string? model)
    {
        if (model is null)
        {
            return Body;
        }

        var body = JsonNode.Parse(Body)!.AsObject();
        body["model"] = model;
        return BatchJson.Bytes(body);
    }
}
