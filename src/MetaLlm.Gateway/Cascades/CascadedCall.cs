using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaLlm.Core.Cascades;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Cascades;

/// <summary>A call of a tenant with a cascade: says which answers are weighed, and reads what they show. One caller at a time.</summary>
internal sealed class CascadedCall(TenantSettings tenant) : ICallWatcher, IAnswerReader
{
    private static ReadOnlySpan<byte> Member => "\"logprobs\""u8;

    private readonly Configuration.CascadeSettings _settings = tenant.Cascade;
    private bool _isStream;
    private bool _toldByWish;
    private string? _expected;

    /// <inheritdoc/>
    public bool Reads(SurfaceRequest asked) => Weighs(asked) && asked.Payload.Native is not { IsRequired: true };

    /// <summary>Takes in a request. One chat answer is weighed of a client that leaves the model open; a streamed one where the tenant lets clients wait.</summary>
    public SurfaceRequest Admit(SurfaceRequest asked)
    {
        if (!Reads(asked))
        {
            return asked;
        }

        (_isStream, _expected) = (asked.Payload.Stream, asked.Chat.Expected);
        return asked with { Payload = asked.Payload with { Reader = this } };
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Ask(ReadOnlyMemory<byte> body)
    {
        var wish = Wish(body.Span);
        _toldByWish = wish == JsonTokenType.True;
        if (_toldByWish || !_settings.LogProbabilities)
        {
            return body;
        }

        if (wish != JsonTokenType.None)
        {
            var root = (JsonObject)JsonNode.Parse(body.Span)!;
            root["logprobs"] = true;
            return GuardedAnswer.Write(root);
        }

        // A chat request is an object that has members.
        var start = body.Span.IndexOf((byte)'{') + 1;
        var output = new ArrayBufferWriter<byte>(body.Length + 32);
        output.Write(body.Span[..start]);
        output.Write("\"logprobs\":true,"u8);
        output.Write(body.Span[start..]);
        return output.WrittenMemory;
    }

    /// <inheritdoc/>
    public AnswerSignals? Read(IReadOnlyList<ReadOnlyMemory<byte>> parts) => ShownAnswer.Read(parts, _isStream) is not { } shown ? null : new AnswerSignals
    {
        MeanLogProbability = shown.MeanLogProbability,
        Refused = shown.Refused,
        SelfReport = ReadReport(shown.Text),
        Verdict = shown.CallsTools ? null : Check(shown.Text),
    };

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Release(ReadOnlyMemory<byte> part) => _toldByWish || part.Span.IndexOf(Member) < 0 ? part : _isStream ? OfEvents(part) : WithoutProbabilities(part);

    private bool Weighs(SurfaceRequest asked) =>
        asked.Payload.Kind == CallKind.Chat && asked.Chat.Route is { PinnedArm: null, Choices: 1, Candidates: null } && (!asked.Payload.Stream || _settings.Streamed == CascadedStreams.Wait);

    /// <summary>What the request says of log-probabilities; none where it says nothing.</summary>
    private static JsonTokenType Wish(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        var wish = JsonTokenType.None;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals("logprobs"u8);
            reader.Read();
            wish = isIt ? reader.TokenType : wish;
            reader.Skip();
        }

        return wish;
    }

    private static ReadOnlyMemory<byte> OfEvents(ReadOnlyMemory<byte> part)
    {
        var output = new ArrayBufferWriter<byte>(part.Length);
        while (ChatEvents.TryNext(ref part, out var data))
        {
            output.Write(GuardedAnswer.Event((ChatEvents.IsObject(data) ? WithoutProbabilities(data) : data).Span));
        }

        return output.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> WithoutProbabilities(ReadOnlyMemory<byte> json)
    {
        try
        {
            if (JsonNode.Parse(json.Span) is not JsonObject root)
            {
                return json;
            }

            GuardedAnswer.DropProbabilities(root);
            return GuardedAnswer.Write(root);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // No JSON, or an object with a member twice: it goes on as it came.
            return json;
        }
    }

    private double? ReadReport(string text)
    {
        if (_settings.SelfReport is not { } pattern)
        {
            return null;
        }

        try
        {
            return MatchJudge.FirstGroup(MatchJudge.Compile(pattern, expected: null), text) is { Success: true, Value: var said }
                && double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var sure) && sure is >= 0 and <= 100
                ? sure > 1 ? sure / 100 : sure
                : null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    private double? Check(string text)
    {
        var (sum, count) = (0.0, 0);
        foreach (var checker in _settings.Checkers)
        {
            try
            {
                if (checker.Look(_expected, text) is { } opinion)
                {
                    sum += opinion.Score;
                    count++;
                }
            }
            catch (RegexMatchTimeoutException)
            {
                // It says nothing of this answer.
            }
        }

        return count == 0 ? null : sum / count;
    }
}
