using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Gathers the events of a streamed message of Anthropic's format into its blocks.</summary>
internal static class StreamedMessage
{
    public static (string? Stop, IReadOnlyList<JsonElement> Content) Read(IEnumerable<JsonElement> events)
    {
        var (blocks, inputs, stop) = (new List<JsonObject>(), new Dictionary<int, string>(), (string?)null);
        foreach (var e in events)
        {
            switch (e.GetProperty("type").GetString())
            {
                case "content_block_start":
                    blocks.Add(JsonNode.Parse(e.GetProperty("content_block").GetRawText())!.AsObject());
                    break;
                case "content_block_delta":
                    var (index, delta) = (e.GetProperty("index").GetInt32(), e.GetProperty("delta"));
                    if (delta.TryGetProperty("partial_json", out var piece))
                    {
                        inputs[index] = inputs.GetValueOrDefault(index) + piece.GetString();
                        break;
                    }

                    var member = delta.EnumerateObject().Single(m => m.Name != "type");
                    blocks[index][member.Name] = blocks[index][member.Name]?.GetValue<string>() + member.Value.GetString();
                    break;
                case "message_delta":
                    stop = e.GetProperty("delta").GetProperty("stop_reason").GetString();
                    break;
            }
        }

        foreach (var (index, json) in inputs)
        {
            blocks[index]["input"] = JsonNode.Parse(json);
        }

        return (stop, [.. blocks.Select(block => JsonSerializer.SerializeToElement(block))]);
    }
}
