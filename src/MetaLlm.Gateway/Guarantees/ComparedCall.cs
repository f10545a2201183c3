using System.Buffers;
using System.Text.Json.Nodes;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>A call under a guarantee whose answer may be compared: its texts, in memory alone and no longer than it takes. One caller at a time.</summary>
internal sealed class ComparedCall(AnswerAudits audits, TenantSettings tenant) : ICallWatcher, IHeldCall
{
    /// <summary>Most bytes of an answer, events included, that is kept. Whether it is longer depends on the answer, so that such a one counts as different.</summary>
    private const int MostAnswerBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _answer = new();

    public TenantSettings Tenant => tenant;

    /// <summary>The request as it went to the model, as chat or as a completion.</summary>
    public ChatPayload Payload { get; private set; } = new(default, Stream: false);

    /// <summary>Most tokens of the answer that the client admits; null without a limit.</summary>
    public double? MaxOutputTokens { get; private set; }

    /// <summary>The decision; null while nobody is to be asked beside.</summary>
    public DecisionRecord? Decision { get; private set; }

    /// <summary>The model that answered.</summary>
    public string Model { get; private set; } = "";

    /// <summary>Whether the answer is longer than what is kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Bytes that it keeps in memory, roughly.</summary>
    public long Bytes => 1024 + Payload.Body.Length + _answer.Capacity;

    /// <inheritdoc/>
    public bool Reads(SurfaceRequest asked) => asked.Payload.Native is not { IsRequired: true };

    /// <summary>Takes in a request. One whose answers cannot be compared goes to the reference.</summary>
    public SurfaceRequest Admit(SurfaceRequest asked)
    {
        var route = asked.Chat.Route;
        if (asked.Payload.Kind == CallKind.Embeddings || route.PinnedArm is not null)
        {
            return asked;
        }

        (Payload, MaxOutputTokens) = (asked.Payload, route.MaxOutputTokens);
        var reference = tenant.Guarantee.Reference!;
        return route.Choices == 1 && asked.Payload.Native is not { IsRequired: true } || route.AllowedArms?.Contains(reference) == false
            ? asked
            : asked with { Chat = asked.Chat with { Route = route with { AllowedArms = [reference] } } };
    }

    /// <summary>A decision was made.</summary>
    public void Decided(DecisionRecord decision) => Decision = decision.Guarantee is { Beside: not null } ? decision : null;

    /// <inheritdoc/>
    public void Answers(string model) => Model = model;

    /// <inheritdoc/>
    public void Offer() => audits.Offer(this);

    /// <summary>Notes a piece of the answer.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        if (Decision is null || IsTooLong)
        {
            return;
        }

        IsTooLong = _answer.WrittenCount + part.Length > MostAnswerBytes;
        if (!IsTooLong)
        {
            _answer.Write(part);
        }
    }

    /// <summary>What the answer says; null where it is no chat completion.</summary>
    public AnswerWords? Read() => AnswerWords.Read(_answer.WrittenMemory, Payload.Stream);

    /// <summary>The texts of the request.</summary>
    public IReadOnlyList<GuardedText> Question()
    {
        var asked = new JoinedTexts();
        foreach (var slot in TextSlots.OfTurns((JsonObject)JsonNode.Parse(Payload.Body.Span)!, Payload.Kind))
        {
            asked.Add(slot);
        }

        return asked.ToTexts();
    }
}
