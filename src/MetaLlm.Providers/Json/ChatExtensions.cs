using System.Buffers;
using System.Text;
using System.Text.Json;
using MetaLlm.Providers.Dialects;

namespace MetaLlm.Providers.Json;

/// <summary>
/// Members of messages and tools that the field has added to the chat completion format: reasoning that goes back to the model which thought it, and marks for
/// caches. Many servers pass over them, and some refuse a request that has them.
/// </summary>
internal static class ChatExtensions
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names = ["reasoning_details", "reasoning_content", "reasoning", "cache_control"];

    private static readonly string[] Owners = ["messages", "tools"];

    /// <summary>Whether a request has one anywhere. A prompt that speaks of it counts too, which does no harm.</summary>
    public static bool Has(ReadOnlySpan<byte> request, string name) => request.IndexOf(Encoding.UTF8.GetBytes($"\"{name}\"")) >= 0;

    /// <summary>Adds the edits that leave them out of messages and tools, and out of the parts of messages.</summary>
    /// <returns>The names of those that were there.</returns>
    public static IReadOnlyList<string> Drop(ReadOnlyMemory<byte> request, List<JsonEdit> edits)
    {
        var dropped = new List<string>();
        using var document = JsonDocument.Parse(request);
        foreach (var owner in Owners)
        {
            if (document.RootElement.TryGetProperty(owner, out var list) && list.ValueKind == JsonValueKind.Array && !edits.Exists(e => e.Name == owner))
            {
                var output = new ArrayBufferWriter<byte>(1024);
                using (var json = new Utf8JsonWriter(output))
                {
                    Write(json, list, dropped, depth: 0);
                }

                edits.Add(new(owner, output.WrittenMemory));
            }
        }

        return dropped;
    }

    /// <summary>Lists, the objects in them, and the lists and objects in those: arguments of calls and schemas of tools lie deeper, or are texts.</summary>
    private static void Write(Utf8JsonWriter json, JsonElement value, List<string> dropped, int depth)
    {
        if (value.ValueKind == JsonValueKind.Array && depth < 3)
        {
            json.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                Write(json, item, dropped, depth + 1);
            }

            json.WriteEndArray();
        }
        else if (value.ValueKind == JsonValueKind.Object && depth <= 3)
        {
            json.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                if (!Names.Contains(member.Name))
                {
                    json.WritePropertyName(member.Name);
                    Write(json, member.Value, dropped, member.NameEquals("content"u8) ? depth + 1 : int.MaxValue);
                }
                else if (!dropped.Contains(member.Name))
                {
                    dropped.Add(member.Name);
                }
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteAsIs(value);
        }
    }
}
