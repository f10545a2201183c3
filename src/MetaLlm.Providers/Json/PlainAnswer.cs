using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Json;

/// <summary>Turns the body of a plain answer into what the client gets.</summary>
internal static class PlainAnswer
{
    /// <summary>Reads and rewrites a body.</summary>
    /// <param name="call">The call.</param>
    /// <param name="body">The upstream's answer.</param>
    /// <param name="dialect">What the upstream speaks.</param>
    /// <param name="judge">Judges counts.</param>
    /// <param name="native">What the client speaks, where it gets the body as it came; null where it gets a chat completion.</param>
    /// <exception cref="ChatProviderException">It is no answer: no JSON, no choices, an error, or nothing in it.</exception>
    public static ChatPart Read(ChatCall call, ReadOnlyMemory<byte> body, IChatDialect dialect, UsageJudge judge, INativeDialect? native = null)
    {
        // Some servers begin with a byte order mark.
        body = body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body;
        var ends = default(ChoiceEnds);
        AnswerFacts facts;
        ReadOnlyMemory<byte> chat;
        try
        {
            chat = dialect.ReadAnswer(body);
            facts = AnswerFacts.Read(chat, ref ends);
        }
        catch (JsonException e)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer is no JSON object.", e);
        }

        judge.Saw(facts.Text, facts.Usage);
        if (facts.Error is { } error)
        {
            throw error.ToFailure(judge);
        }

        if (Problem(facts, ends) is { } problem)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, problem) { Usage = judge.Judge(isEnd: true).Usage };
        }

        var (usage, invoice) = judge.Judge(isEnd: true);
        var bytes = native?.Name(body, new NativeNames(call)) ?? new AnswerRewriter(call).Rewrite([], chat.Span, [], dropUsage: false);
        return new ChatPart(bytes, usage, (int)facts.Text.Characters, IsLast: true)
        {
            OutputBytes = (int)facts.Text.Bytes, InvoiceUsd = invoice, Origin = call.IsTraced ? Origins.Read(chat.Span) : null,
        };
    }

    /// <summary>The error that stands in a body; null where there is none, or it is no JSON.</summary>
    public static InBandError? Error(ReadOnlyMemory<byte> body)
    {
        try
        {
            var ends = default(ChoiceEnds);
            return AnswerFacts.Read(body, ref ends).Error;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Problem(AnswerFacts facts, ChoiceEnds ends) =>
        !facts.HasChoices ? "The answer has no choices."
        : !facts.HasContent && !facts.ExplainsEnd ? "The answer is empty."
        : ends.AreMixed ? "The answer lacks the end of one of its choices."
        : null;
}
