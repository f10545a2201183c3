using System.Text.Json.Nodes;

namespace MetaLlm.Host.Batch;

/// <summary>A query of a batch.</summary>
/// <param name="CustomId">The client's name of it, unique within the file.</param>
/// <param name="Body">The chat request.</param>
internal sealed record BatchLine(string CustomId, JsonObject Body)
{
    /// <summary>The request as it is sent to one model.</summary>
    /// <param name="model">The model.</param>
    public string For(string model)
    {
        var body = (JsonObject)Body.DeepClone();
        body["model"] = model;
        return body.ToJsonString();
    }
}
