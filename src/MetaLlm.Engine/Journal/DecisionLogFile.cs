using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Journal;

/// <summary>
/// A tenant's decisions and events as lines of JSON, in the order in which they were folded: <c>{"decision":{...}}</c>, <c>{"settled":{...}}</c> and so on. Numbers come back bit for bit.
/// Decisions hold the vectors of queries, never their texts.
/// </summary>
public static class DecisionLogFile
{
    private const int Page = 1000;
    private const string Decision = "decision";

    private static readonly (string Word, Type Type)[] Kinds =
    [
        ("configured", typeof(ConfiguredEvent)),
        ("warmStarted", typeof(WarmStartedEvent)),
        ("quizzed", typeof(QuizzedEvent)),
        ("evidenced", typeof(EvidencedEvent)),
        ("rerouted", typeof(ReroutedEvent)),
        ("settled", typeof(SettledEvent)),
        ("rewarded", typeof(RewardedEvent)),
        ("budgetReset", typeof(BudgetResetEvent)),
        ("tookIn", typeof(TookInEvent)),
        ("compared", typeof(ComparedEvent)),
    ];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Writes the decisions of a time with what became of them, and every configuration and training set of before.</summary>
    /// <param name="journal">The journal; it is read a page at a time.</param>
    /// <param name="tenant">The tenant, or one of its owners (<see cref="TenantOwner"/>).</param>
    /// <param name="from">The earliest decision.</param>
    /// <param name="to">The time before which decisions were made.</param>
    /// <param name="output">Receives the lines, UTF-8; it is not closed.</param>
    /// <param name="cancellationToken">Cancels between lines.</param>
    public static async Task WriteAsync(ITenantJournal journal, string tenant, DateTimeOffset from, DateTimeOffset to, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        ArgumentNullException.ThrowIfNull(output);
        bool IsIn(DateTimeOffset at) => at >= from && at < to;
        var events = EventsAsync(journal, tenant, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using var eventsEnd = events.ConfigureAwait(false);
        var more = await events.MoveNextAsync().ConfigureAwait(false);
        await foreach (var decision in DecisionsAsync(journal, tenant, cancellationToken).ConfigureAwait(false))
        {
            for (; more && events.Current.Sequence <= decision.AppliedSequence; more = await events.MoveNextAsync().ConfigureAwait(false))
            {
                await WriteAsync(events.Current, IsIn, output, cancellationToken).ConfigureAwait(false);
            }

            if (IsIn(decision.At))
            {
                await WriteLineAsync(Decision, decision, typeof(DecisionRecord), output, cancellationToken).ConfigureAwait(false);
            }
        }

        for (; more; more = await events.MoveNextAsync().ConfigureAwait(false))
        {
            await WriteAsync(events.Current, IsIn, output, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="input">The lines, UTF-8.</param>
    /// <param name="cancellationToken">Cancels between lines.</param>
    /// <returns>The decisions and the events, each in order.</returns>
    /// <exception cref="InvalidDataException">A line is no decision and no event; the message has its number.</exception>
    public static async Task<(IReadOnlyList<DecisionRecord> Decisions, IReadOnlyList<TenantEvent> Events)> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        var (decisions, events) = (new List<DecisionRecord>(), new List<TenantEvent>());
        using var reader = new StreamReader(input, Encoding.UTF8, leaveOpen: true);
        for (var number = 1; await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line; number++)
        {
            if (line.Length == 0)
            {
                continue;
            }

            try
            {
                switch (Parse(line))
                {
                    case DecisionRecord decision:
                        decisions.Add(decision);
                        break;
                    case TenantEvent happened:
                        events.Add(happened);
                        break;
                    default:
                        throw new InvalidDataException($"Line {number} is no decision and no event.");
                }
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"Line {number} is damaged: {e.Message}", e);
            }
        }

        return (decisions, events);
    }

    private static object? Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Object || document.RootElement.EnumerateObject().FirstOrDefault() is not { Value.ValueKind: JsonValueKind.Object } member)
        {
            return null;
        }

        var type = member.Name == Decision ? typeof(DecisionRecord) : Kinds.FirstOrDefault(kind => kind.Word == member.Name).Type;
        return type is null ? null : member.Value.Deserialize(type, Json);
    }

    private static async ValueTask WriteAsync(TenantEvent happened, Func<DateTimeOffset, bool> isIn, Stream output, CancellationToken cancellationToken)
    {
        var about = happened switch
        {
            ReroutedEvent rerouted => rerouted.Decision,
            SettledEvent settled => settled.Decision,
            RewardedEvent rewarded => rewarded.Decision,
            _ => null,
        };
        if (about is null || isIn(about.At))
        {
            var type = happened.GetType();
            await WriteLineAsync(Kinds.First(kind => kind.Type == type).Word, happened, type, output, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task WriteLineAsync(string word, object value, Type type, Stream output, CancellationToken cancellationToken)
    {
        using var line = new MemoryStream();
        line.Write("{\""u8);
        line.Write(Encoding.ASCII.GetBytes(word));
        line.Write("\":"u8);
        JsonSerializer.Serialize(line, value, type, Json);
        line.Write("}\n"u8);
        await output.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancellationToken).ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<TenantEvent> EventsAsync(ITenantJournal journal, string tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; await journal.ReadEventsAsync(tenant, after, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page; after = page[^1].Sequence)
        {
            foreach (var happened in page)
            {
                yield return happened;
            }
        }
    }

    private static async IAsyncEnumerable<DecisionRecord> DecisionsAsync(ITenantJournal journal, string tenant, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var after = 0L; await journal.ReadDecisionsAsync(tenant, after, Page, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page; after = page[^1].Ordinal)
        {
            foreach (var decision in page)
            {
                yield return decision;
            }
        }
    }
}
