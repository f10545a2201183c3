using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Takes the blocks of an answer one after another, as events or for a list.</summary>
internal interface IMessagesBlocks
{
    /// <summary>Begins a block of text or thinking.</summary>
    void Begin(MessagesBlock kind);

    /// <summary>Begins a call of a tool.</summary>
    void BeginTool(string id, string name);

    /// <summary>Adds to the block: text, thinking, or the text of a call's arguments.</summary>
    void Add(MessagesBlock kind, JsonElement text);

    /// <summary>Signs the block of thinking.</summary>
    void Sign(JsonElement signature);

    /// <summary>Thinking that only its model can read, a block of its own.</summary>
    void Redacted(JsonElement data);

    /// <summary>Ends the block.</summary>
    void End(MessagesBlock kind);
}
