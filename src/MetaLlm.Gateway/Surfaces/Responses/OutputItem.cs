using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>An item of an answer, as far as it has come.</summary>
/// <param name="kind">What it is.</param>
/// <param name="index">Its place among the items.</param>
/// <param name="decisionId">The decision, of which its id is made.</param>
internal sealed class OutputItem(OutputKind kind, int index, string decisionId)
{
    private readonly List<(string Type, StringBuilder Text, string? Signature, string? Id, string? Format)> _details = [];

    /// <summary>What it is.</summary>
    public OutputKind Kind => kind;

    /// <summary>Its place among the items.</summary>
    public int Index => index;

    /// <summary>Its id.</summary>
    public string Id { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{(kind switch { OutputKind.Reasoning => "rs", OutputKind.Message => "msg", _ => "fc" })}_{decisionId}_{index}");

    /// <summary>The decision of which an item's id is made; null where it is no such id.</summary>
    public static string? DecisionOf(string id) => NativeItems.DecisionOf(id) ?? (id.Split('_') is ["rs" or "msg" or "fc", { Length: > 0 } decision, _] ? decision : null);

    /// <summary>Its parts; calls have none.</summary>
    public List<OutputPart> Parts { get; } = [];

    /// <summary>Of a call: its id, under which its result comes back.</summary>
    public string CallId { get; init; } = string.Empty;

    /// <summary>Of a call: the function.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>Of a call: the text of its arguments.</summary>
    public StringBuilder Arguments { get; } = new();

    /// <summary>Adds to the blocks of reasoning that go back to the model as they came.</summary>
    public void AddReasoning(string type, string text, string? id, string? format)
    {
        if (_details.Count == 0 || _details[^1].Type != type || _details[^1].Signature is not null || type == ReasoningDetails.Encrypted)
        {
            _details.Add((type, new StringBuilder(), null, id, format));
        }

        _details[^1].Text.Append(text);
    }

    /// <summary>Signs the block of reasoning that came last.</summary>
    public void Sign(string signature, string? format)
    {
        var (type, text, _, id, said) = _details.Count > 0 ? _details[^1] : (ReasoningDetails.Text, new StringBuilder(), null, null, null);
        if (_details.Count > 0)
        {
            _details.RemoveAt(_details.Count - 1);
        }

        _details.Add((type, text, signature, id, format ?? said));
    }

    /// <summary>Writes the item.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="isWhole">Whether all of it has come; else it is written as it began.</param>
    public void Write(Utf8JsonWriter writer, bool isWhole)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Id);
        switch (kind)
        {
            case OutputKind.Reasoning:
                writer.WriteString("type", "reasoning");
                WriteParts(writer, "summary", isWhole);
                if (isWhole && _details.Exists(detail => detail.Signature is not null || detail.Type == ReasoningDetails.Encrypted))
                {
                    writer.WriteString("encrypted_content", Sealed());
                }

                break;
            case OutputKind.Message:
                writer.WriteString("type", "message");
                WriteStatus(writer, isWhole);
                writer.WriteString("role", "assistant");
                WriteParts(writer, "content", isWhole);
                break;
            default:
                writer.WriteString("type", "function_call");
                WriteStatus(writer, isWhole);
                writer.WriteString("call_id", CallId);
                writer.WriteString("name", Name);
                writer.WriteString("arguments", isWhole ? Arguments.ToString() : string.Empty);
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a part.</summary>
    public void WritePart(Utf8JsonWriter writer, OutputPart part, bool isWhole)
    {
        var text = isWhole ? part.Text.ToString() : string.Empty;
        writer.WriteStartObject();
        if (kind == OutputKind.Reasoning)
        {
            writer.WriteString("type", "summary_text");
            writer.WriteString("text", text);
        }
        else if (part.IsRefusal)
        {
            writer.WriteString("type", "refusal");
            writer.WriteString("refusal", text);
        }
        else
        {
            writer.WriteString("type", "output_text");
            writer.WriteString("text", text);
            WriteEmptyList(writer, "annotations");
            WriteEmptyList(writer, "logprobs");
        }

        writer.WriteEndObject();
    }

    private static void WriteStatus(Utf8JsonWriter writer, bool isWhole) => writer.WriteString("status", isWhole ? "completed" : "in_progress");

    private static void WriteEmptyList(Utf8JsonWriter writer, string name)
    {
        writer.WriteStartArray(name);
        writer.WriteEndArray();
    }

    private void WriteParts(Utf8JsonWriter writer, string name, bool isWhole)
    {
        writer.WriteStartArray(name);
        foreach (var part in isWhole ? Parts : [])
        {
            WritePart(writer, part, isWhole: true);
        }

        writer.WriteEndArray();
    }

    private string Sealed()
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(json))
        {
            writer.WriteStartArray();
            foreach (var (type, text, signature, id, format) in _details)
            {
                writer.WriteStartObject();
                writer.WriteString("type", type);
                writer.WriteString(type switch { ReasoningDetails.Encrypted => "data", ReasoningDetails.Summary => "summary", _ => "text" }, text.ToString());
                WriteUnlessNull(writer, "signature", signature);
                WriteUnlessNull(writer, "id", id);
                WriteUnlessNull(writer, "format", format);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return ResponsesReasoning.Seal(json.WrittenSpan);
    }

    private static void WriteUnlessNull(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
