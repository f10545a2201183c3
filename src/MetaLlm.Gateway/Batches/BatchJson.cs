using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Batches;

/// <summary>How nodes of JSON are written, in one line and texts as they are, and read again.</summary>
internal static class BatchJson
{
    // What was kept of a query wraps an answer, which may be as deep as a reader takes by itself.
    private static readonly JsonDocumentOptions Kept = new() { MaxDepth = 128 };

    /// <summary>A node as UTF-8.</summary>
    public static byte[] Bytes(JsonNode node)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(output))
        {
            node.WriteTo(writer);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what was kept of a query.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonNode? Read(string text) => JsonNode.Parse(text, documentOptions: Kept);

    /// <summary>A node as a text.</summary>
    public static string Text(JsonNode node) => Encoding.UTF8.GetString(Bytes(node));
}
