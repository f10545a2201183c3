using System.Buffers;
using System.Text.Json;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>Asks, sends and votes for the page, by the way of every request of the tenant. Prompts and answers are kept nowhere: they travel with the page.</summary>
internal sealed class PlaygroundService(LocalChat chat, ITenantEngine engine, PendingSettlements settlements)
{
    private static readonly double[] Dials = [0, 0.25, 1, 4];

    /// <summary>Says what would be chosen. Nothing is decided, recorded or sent.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<PlaygroundOutcome> PreviewAsync(string tenant, PlaygroundAsk ask, CancellationToken cancellationToken) => RefusingAsync(ask, async () =>
    {
        var decision = await chat.PreviewAsync(tenant, ask.ToBody(), cancellationToken).ConfigureAwait(false);
        var report = await engine.DescribeAsync(tenant, cancellationToken).ConfigureAwait(false);
        var others = new List<(double, DecisionRecord)>(Dials.Length);
        foreach (var dial in Dials.Where(_ => !decision.Pinned))
        {
            others.Add((dial, dial == ask.Weight ? decision : await chat.PreviewAsync(tenant, ask.ToBody(dial), cancellationToken).ConfigureAwait(false)));
        }

        return new PlaygroundOutcome { Ask = ask, Decision = decision, OtherDials = others, OtherPolicies = OtherChoices.Of(decision, report) };
    });

    /// <summary>Sends the question as a call of the tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ask">What is asked.</param>
    /// <param name="cancellationToken">Ends the call, which is settled then.</param>
    public Task<PlaygroundOutcome> SendAsync(string tenant, PlaygroundAsk ask, CancellationToken cancellationToken) => RefusingAsync(ask, async () =>
    {
        var (decision, body) = await CallAsync(tenant, ask, cancellationToken).ConfigureAwait(false);
        await settlements.WaitAsync(tenant, decision.DecisionId, cancellationToken).ConfigureAwait(false);
        return new PlaygroundOutcome
        {
            Ask = ask,
            Decision = decision,
            Answer = TextOf(body),
            Stored = await engine.FindDecisionAsync(tenant, decision.DecisionId, cancellationToken).ConfigureAwait(false),
        };
    });

    /// <summary>Says what an answer was worth, and what the policy thinks of the same question before and after that.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ask">What was asked.</param>
    /// <param name="decisionId">The decision.</param>
    /// <param name="answer">The answer, to be shown again.</param>
    /// <param name="reward">The reward, 0 to 1.</param>
    /// <param name="cancellationToken">Ends the wait; what is recorded stays.</param>
    public Task<PlaygroundOutcome> VoteAsync(string tenant, PlaygroundAsk ask, string decisionId, string answer, double reward, CancellationToken cancellationToken) => RefusingAsync(ask, async () =>
    {
        // A pinned question says nothing about the others.
        var question = (ask with { Model = "" }).ToBody();
        var before = await chat.PreviewAsync(tenant, question, cancellationToken).ConfigureAwait(false);

        // What a call cost comes before what it was worth, so that the reward is learned at its price.
        await settlements.WaitAsync(tenant, decisionId, cancellationToken).ConfigureAwait(false);
        var receipts = await engine.SubmitFeedbackAsync(tenant, [new FeedbackSubmission { DecisionId = decisionId, Reward = reward, Label = "playground" }], cancellationToken).ConfigureAwait(false);

        // A report has every acknowledged event in it, and so has what is asked after it.
        await engine.DescribeAsync(tenant, cancellationToken).ConfigureAwait(false);
        var after = await chat.PreviewAsync(tenant, question, cancellationToken).ConfigureAwait(false);
        var stored = await engine.FindDecisionAsync(tenant, decisionId, cancellationToken).ConfigureAwait(false);
        return new PlaygroundOutcome
        {
            Ask = ask,
            Decision = stored?.Decision,
            Stored = stored,
            Answer = answer,
            Moved = (before, after),
            Reward = reward,
            Status = receipts[0].Status,
        };
    });

    private async Task<(DecisionRecord Decision, byte[] Body)> CallAsync(string tenant, PlaygroundAsk ask, CancellationToken cancellationToken)
    {
        var call = await chat.StartAsync(tenant, ask.ToBody(), cancellationToken).ConfigureAwait(false);
        await using var callEnd = call.ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>();
        await foreach (var part in call.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            body.Write(part.Span);
        }

        return (call.Decision, body.WrittenSpan.ToArray());
    }

    private static string TextOf(byte[] body)
    {
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
            && choices[0].TryGetProperty("message", out var message) && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : "";
    }

    /// <summary>What a client would be told stands on the page, beside the question.</summary>
    private static async Task<PlaygroundOutcome> RefusingAsync(PlaygroundAsk ask, Func<Task<PlaygroundOutcome>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (ErrorMapping.From(e) is { } error)
        {
            return new PlaygroundOutcome { Ask = ask, Problems = [error.Message] };
        }
    }
}
