using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Core.Conversations;

namespace MetaLlm.Gateway.Chat;

/// <summary>
/// Finds out, message by message, which conversation a request is a turn of: hashes of what was said, how many tokens a cache may hold, and what is open. What clients move
/// about from turn to turn (marks for caches, reasoning, ids) is no part of the hashes.
/// </summary>
internal sealed class TranscriptReader : IDisposable
{
    /// <summary>What kind of name a session is.</summary>
    public const string SessionKind = "session";

    private const string CacheMark = "cache_control";

    private readonly HandleHash _hash;
    private readonly string _tenant;
    private readonly JsonElement _root;
    private readonly string? _cacheKey;
    private ulong _prefix;
    private ulong _opening;
    private double _tokens;
    private double _prefixTokens;
    private double _markedTokens;
    private bool _inAnswer;
    private bool _hasResult;
    private bool _hasReasoning;

    /// <param name="tenant">The tenant.</param>
    /// <param name="root">The request.</param>
    /// <param name="definitionTokens">Tokens of tools and schemas, which stand before all messages.</param>
    public TranscriptReader(string tenant, JsonElement root, double definitionTokens)
    {
        (_tenant, _root, _tokens) = (tenant, root, definitionTokens);
        _cacheKey = root.TryGetProperty("prompt_cache_key", out var key) && key.ValueKind == JsonValueKind.String && JsonMarshal.GetRawUtf8Value(key).Length > 2 ? key.GetRawText() : null;
        _hash = new HandleHash(tenant, "transcript");
    }

    /// <summary>Takes in the next message.</summary>
    /// <param name="message">The message; whatever its shape, it is hashed and not judged.</param>
    /// <param name="role">Its role.</param>
    /// <param name="tokens">Its tokens, estimated.</param>
    public void Add(JsonElement message, string role, double tokens)
    {
        var isAnswer = role == "assistant";
        if (isAnswer && !_inAnswer)
        {
            (_prefix, _prefixTokens, _hasResult) = (_hash.Current, _tokens, false);
        }

        _inAnswer = isAnswer;
        _tokens += tokens;
        switch (role)
        {
            case "tool" or "function":
                _hasResult = true;
                break;

            // Beside the result of a tool, a user closes nothing.
            case "user" when !_hasResult:
                _hasReasoning = false;
                break;
            case "assistant":
                _hasReasoning |= HasReasoning(message);
                break;
        }

        Hash(message, role);
        if (_cacheKey is not null && role == "user" && _opening == 0)
        {
            _opening = _hash.Current;
        }

        if (IsMarked(message))
        {
            _markedTokens = _tokens;
        }
    }

    /// <summary>The turn.</summary>
    /// <param name="session">Name that the client gives the conversation; null for none.</param>
    public ConversationTurn ToTurn(string? session) => new()
    {
        Key = session is not null ? ConversationHandle.Of(_tenant, SessionKind, session) : CacheKey(),
        Prefix = _prefix,
        Whole = _hash.Current,
        PrefixTokens = _prefixTokens,
        MarkedTokens = _root.TryGetProperty(CacheMark, out _) ? _tokens : _markedTokens,
        Hold = (_hasResult ? ConversationHold.ToolResult : ConversationHold.None) | (_hasReasoning ? ConversationHold.Reasoning : ConversationHold.None),
    };

    public void Dispose() => _hash.Dispose();

    // Many conversations may share a key that steers a cache; what each began with tells them apart.
    private ulong CacheKey() => _cacheKey is null ? 0 : ConversationHandle.Of(_tenant, "cache key", $"{_opening} {_cacheKey}");

    private static bool HasReasoning(JsonElement message)
    {
        if (!message.TryGetProperty("reasoning_details", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var detail in details.EnumerateArray())
        {
            if (detail.ValueKind == JsonValueKind.Object && (IsFilled(detail, "signature") || IsFilled(detail, "data")))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsFilled(JsonElement detail, string name) => detail.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String;

    private static bool IsMarked(JsonElement message)
    {
        if (message.TryGetProperty(CacheMark, out _))
        {
            return true;
        }

        if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty(CacheMark, out _))
            {
                return true;
            }
        }

        return false;
    }

    private void Hash(JsonElement message, string role)
    {
        _hash.Append(role switch { "system" or "developer" => "s"u8, "user" => "u"u8, "assistant" => "a"u8, _ => "t"u8 });
        if (message.TryGetProperty("content", out var content))
        {
            if (content.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in content.EnumerateArray())
                {
                    HashPart(part);
                }
            }
            else if (content.ValueKind != JsonValueKind.Null)
            {
                HashValue(content);
            }
        }

        if (message.TryGetProperty("tool_call_id", out var id))
        {
            HashValue(id);
        }

        if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
        {
            foreach (var call in calls.EnumerateArray())
            {
                HashMembers(call, "index");
            }
        }

        _hash.Append("\n"u8);
    }

    // A text is the same whether it stands alone or as a part.
    private void HashPart(JsonElement part)
    {
        if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("type", out var type) && type.ValueEquals("text") && part.TryGetProperty("text", out var text))
        {
            HashValue(text);
        }
        else
        {
            HashMembers(part, CacheMark);
        }
    }

    private void HashMembers(JsonElement value, string except)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            HashValue(value);
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (!member.NameEquals(except))
            {
                _hash.Append(member.Name);
                HashValue(member.Value);
            }
        }
    }

    private void HashValue(JsonElement value)
    {
        _hash.Append(JsonMarshal.GetRawUtf8Value(value));
        _hash.Append("\0"u8);
    }
}
