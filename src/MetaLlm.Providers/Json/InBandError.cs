using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Objections;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Json;

/// <summary>An error in an answer whose status said that all was well.</summary>
/// <param name="Status">HTTP status that it names; null without one.</param>
/// <param name="Word">Code or type that it names; null without one. Text of the upstream: never to be logged.</param>
/// <param name="Body">The error as a JSON object, for the client alone; empty when it has no words.</param>
internal readonly record struct InBandError(int? Status, string? Word, ReadOnlyMemory<byte> Body)
{
    /// <summary>Longest error that is handed on to a client.</summary>
    private const int MostBytes = 16 * 1024;

    /// <summary>The member <c>error</c>; null when it is missing or says nothing.</summary>
    public static InBandError? Read(JsonElement owner)
    {
        if (!owner.TryGetProperty("error", out var error))
        {
            return null;
        }

        return error.ValueKind switch
        {
            JsonValueKind.Object when error.EnumerateObject().Any() => new InBandError(
                Number(error, "code") ?? Number(error, "status"), JsonTexts.Read(error, "code") ?? JsonTexts.Read(error, "type"), Wrapped(error)),
            JsonValueKind.String when !error.ValueEquals(""u8) => new InBandError(Number(owner, "code") ?? Number(owner, "status"), JsonTexts.Read(owner, "code"), default),
            JsonValueKind.True => new InBandError(Number(owner, "code") ?? Number(owner, "status"), null, default),
            _ => null,
        };
    }

    /// <summary>An object without choices that is an error by its looks; null when it has none.</summary>
    public static InBandError? ReadInstead(JsonElement root) =>
        root.TryGetProperty("detail", out _)
            || JsonTexts.Read(root, "object") == "error"
            || JsonTexts.Read(root, "type") == "error"
            || (root.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String)
            ? new InBandError(Number(root, "code") ?? Number(root, "status"), JsonTexts.Read(root, "code"), default)
            : null;

    /// <summary>The failure of an attempt that has shown nothing yet.</summary>
    /// <param name="judge">What the upstream may charge for.</param>
    public ChatProviderException ToFailure(UsageJudge judge)
    {
        var (failure, status) = Word switch
        {
            _ when Status is >= 400 and <= 599 => (UpstreamStatus.Kind(Status.Value), Status.Value),
            ObjectionCodes.ContextLength or ObjectionCodes.ContentFilter or ObjectionCodes.ContentPolicy => (ChatFailure.Objected, 400),
            ObjectionCodes.ModelNotFound => (ChatFailure.Refused, 404),
            ObjectionCodes.Quota => (ChatFailure.Refused, 402),
            ObjectionCodes.KeyRefused => (ChatFailure.Refused, 401),
            "rate_limit_exceeded" or "rate_limit_error" => (ChatFailure.RateLimited, 429),
            _ => (ChatFailure.ServerError, 0),
        };
        return new ChatProviderException(failure, status == 0
            ? "The upstream reports an error in place of an answer."
            : $"The upstream reports an error in place of an answer (status {status}).")
        {
            UpstreamStatus = status == 0 ? null : status,

            // The request was taken before it failed, unlike one that is refused by a status.
            Usage = judge.Counted ?? (failure is ChatFailure.ServerError or ChatFailure.BadAnswer ? judge.PromptAlone : null),
            Objection = failure == ChatFailure.Objected ? Objection.From(status, Body) : null,
        };
    }

    private static byte[] Wrapped(JsonElement error)
    {
        var raw = JsonMarshal.GetRawUtf8Value(error);
        return raw.Length > MostBytes ? [] : [.. "{\"error\":"u8, .. raw, .. "}"u8];
    }

    private static int? Number(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
            : int.TryParse(JsonTexts.Read(value), NumberStyles.None, CultureInfo.InvariantCulture, out var spelt) ? spelt
            : null;
    }
}
