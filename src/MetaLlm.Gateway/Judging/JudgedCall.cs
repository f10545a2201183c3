using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Judging;

/// <summary>A call whose answer may be judged: its texts, in memory alone and no longer than it takes. One caller at a time.</summary>
internal sealed class JudgedCall(TenantSettings tenant) : IHeldCall
{
    /// <summary>Most bytes of an answer, events included, that is judged.</summary>
    private const int MostAnswerBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _answer = new();

    /// <summary>The tenant.</summary>
    public TenantSettings Tenant => tenant;

    /// <summary>The request as it went to the model, in a format that texts are read off.</summary>
    public ChatPayload Payload { get; set; } = new(default, Stream: false);

    /// <summary>Whether it may be judged, see <see cref="MayJudge"/>.</summary>
    public bool MayBeJudged { get; set; }

    /// <summary>The reference answer that the client gave; null for none.</summary>
    public string? Expected { get; set; }

    public string DecisionId { get; private set; } = "";

    /// <summary>The model that answered.</summary>
    public string Model { get; set; } = "";

    /// <summary>Probability with which it was taken; 0 where it was not.</summary>
    public double Inclusion { get; private set; }

    /// <summary>Whether it is to be judged.</summary>
    public bool IsTaken => Inclusion > 0;

    /// <summary>Bytes that it keeps in memory, roughly.</summary>
    public long Bytes => 1024 + Payload.Body.Length + _answer.Capacity + (2L * (Expected?.Length ?? 0));

    /// <summary>Whether the client leaves it open which models see a request, and wants one answer in words.</summary>
    public static bool MayJudge(SurfaceRequest asked) => asked.Payload.Kind != CallKind.Embeddings && !asked.Chat.LimitsModels && asked.Chat.Route.Choices == 1;

    /// <summary>Notes what is asked.</summary>
    public void Admit(SurfaceRequest asked) => (Payload, Expected, MayBeJudged) = (asked.Payload, asked.Chat.Expected, MayJudge(asked));

    /// <summary>It is among those that are judged.</summary>
    public void Take(string decisionId, double inclusion) => (DecisionId, Inclusion) = (decisionId, inclusion);

    /// <summary>Notes a piece of the answer. One that is too long is not judged.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        if (!IsTaken)
        {
            return;
        }

        if (_answer.WrittenCount + part.Length > MostAnswerBytes)
        {
            Inclusion = 0;
            return;
        }

        _answer.Write(part);
    }

    /// <summary>What the request says in its turns, and what the answer says; null where that says nothing in words.</summary>
    public (IReadOnlyList<GuardedText> Request, string Answer)? Read()
    {
        var answer = new GuardedAnswer(Payload.Stream);
        var asked = new JoinedTexts();
        try
        {
            answer.Add(_answer.WrittenMemory, isHeld: false);
            foreach (var slot in TextSlots.OfTurns((JsonObject)JsonNode.Parse(Payload.Body.Span)!, Payload.Kind))
            {
                asked.Add(slot);
            }
        }
        catch (Exception e) when (e is ChatProviderException or JsonException)
        {
            return null;
        }

        var said = string.Join('\n', answer.Texts.ToTexts().Where(text => text.Kind is TextSlots.Content or TextSlots.Refusal).Select(text => text.Text));
        return said.Length == 0 ? null : (asked.ToTexts(), said);
    }
}
