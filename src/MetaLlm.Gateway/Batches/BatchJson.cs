using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Batches;

/// <summary>How nodes of JSON are written: in one line, and texts as they are.</summary>
internal static class BatchJson
{
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

    /// <summary>A node as a text.</summary>
    public static string Text(JsonNode node) => Encoding.UTF8.GetString(Bytes(node));
}
