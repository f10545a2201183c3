using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Makes items of what a chat completion says: each ends before the next one begins.</summary>
/// <param name="decisionId">The decision.</param>
/// <param name="events">Told of everything as it comes; null for an answer that is written whole.</param>
internal sealed class ResponsesAnswerReader(string decisionId, ResponsesEvents? events) : ChatAnswerReader
{
    private readonly HashSet<int> _calls = [];
    private OutputItem? _open;
    private int _call;

    /// <summary>The items.</summary>
    public List<OutputItem> Items { get; } = [];

    /// <summary>Ends what is open.</summary>
    public void End()
    {
        if (_open is not { } item)
        {
            return;
        }

        EndPart(item);
        if (item.Kind == OutputKind.Call)
        {
            events?.Done("response.function_call_arguments.done", "arguments", item, item.Arguments.ToString());
        }

        events?.Item("response.output_item.done", item, isWhole: true);
        _open = null;
    }

    protected override void OnReasoning(JsonElement text, bool isSummary)
    {
        var item = Open(OutputKind.Reasoning, isRefusal: false);
        var said = text.GetString()!;
        item.Parts[^1].Text.Append(said);
        item.AddReasoning(isSummary ? ReasoningDetails.Summary : ReasoningDetails.Text, said, id: null, Format);
        events?.Delta("response.reasoning_summary_text.delta", item, text);
    }

    protected override void OnSignature(JsonElement signature) => OpenItem(OutputKind.Reasoning).Sign(signature.GetString()!, Format);

    protected override void OnEncrypted(JsonElement data, string? id) =>
        OpenItem(OutputKind.Reasoning).AddReasoning(ReasoningDetails.Encrypted, data.GetString()!, id, Format);

    protected override void OnText(JsonElement text) => Say(text, isRefusal: false);

    protected override void OnRefusal(JsonElement text) => Say(text, isRefusal: true);

    protected override void OnToolCall(int index, string? id, string? name, JsonElement? arguments)
    {
        if (_calls.Add(index))
        {
            End();
            var callId = id ?? string.Create(CultureInfo.InvariantCulture, $"call_{index}");
            Begin(new OutputItem(OutputKind.Call, Items.Count, decisionId) { CallId = callId, Name = name ?? string.Empty });
            _call = index;
        }
        else if (_open is not { Kind: OutputKind.Call } || _call != index)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The model goes on with a call of a tool after it began something else, which has no form in this format.");
        }

        if (arguments is { } piece)
        {
            _open!.Arguments.Append(piece.GetString());
            events?.Delta("response.function_call_arguments.delta", _open, piece);
        }
    }

    private void Say(JsonElement text, bool isRefusal)
    {
        var item = Open(OutputKind.Message, isRefusal);
        item.Parts[^1].Text.Append(text.GetString());
        events?.Delta(isRefusal ? "response.refusal.delta" : "response.output_text.delta", item, text);
    }

    /// <summary>The item that a piece of text belongs to, with a part for it.</summary>
    private OutputItem Open(OutputKind kind, bool isRefusal)
    {
        var item = OpenItem(kind);
        if (item.Parts.Count == 0 || item.Parts[^1].IsRefusal != isRefusal)
        {
            EndPart(item);
            item.Parts.Add(new OutputPart(isRefusal));
            events?.Part(kind == OutputKind.Reasoning ? "response.reasoning_summary_part.added" : "response.content_part.added", item, item.Parts[^1], isWhole: false);
        }

        return item;
    }

    private OutputItem OpenItem(OutputKind kind)
    {
        if (_open is { } item && item.Kind == kind)
        {
            return item;
        }

        End();
        return Begin(new OutputItem(kind, Items.Count, decisionId));
    }

    private OutputItem Begin(OutputItem item)
    {
        Items.Add(item);
        _open = item;
        events?.Item("response.output_item.added", item, isWhole: false);
        return item;
    }

    private void EndPart(OutputItem item)
    {
        if (events is null || item.Parts.Count == 0)
        {
            return;
        }

        var part = item.Parts[^1];
        var text = part.Text.ToString();
        if (item.Kind == OutputKind.Reasoning)
        {
            events.Done("response.reasoning_summary_text.done", "text", item, text);
            events.Part("response.reasoning_summary_part.done", item, part, isWhole: true);
            return;
        }

        events.Done(part.IsRefusal ? "response.refusal.done" : "response.output_text.done", part.IsRefusal ? "refusal" : "text", item, text);
        events.Part("response.content_part.done", item, part, isWhole: true);
    }
}
