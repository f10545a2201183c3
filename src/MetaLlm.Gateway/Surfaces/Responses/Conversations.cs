using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Responses;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>
/// Conversations of the Responses format, kept as responses are: one that has begun, and after it each turn under its number. A turn that another one was faster than gets the next number,
/// so that none is lost. All of it is kept for as long as a response that was made when the conversation was.
/// </summary>
internal sealed class Conversations(ResponseHistory history, TimeProvider time)
{
    /// <summary>Before the id of a conversation.</summary>
    public const string Prefix = "conv_";

    /// <summary>Most turns of one.</summary>
    private const int Longest = 999;

    /// <summary>Whether an id is that of a conversation, or of one of its turns.</summary>
    public static bool IsOne(string id) => id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Begins one.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="items">Items to begin with, a JSON list.</param>
    /// <param name="metadata">What its client notes of it, a JSON object.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    /// <exception cref="ApiException">Nothing is kept here.</exception>
    public async ValueTask<StoredResponse> CreateAsync(string tenant, byte[] items, byte[] metadata, CancellationToken cancellationToken)
    {
        var begun = new StoredResponse
        {
            Tenant = tenant, Id = $"{Prefix}{Guid.NewGuid():N}", PreviousId = null, CreatedAt = time.GetUtcNow(), Input = items, Response = metadata,
        };
        await history.KeepAsync(begun, cancellationToken).ConfigureAwait(false);
        return begun;
    }

    /// <summary>Finds one.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">Its id.</param>
    /// <param name="field">The member that names it, for errors.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="ApiException">There is none.</exception>
    public async ValueTask<StoredResponse> FindAsync(string tenant, string id, string field, CancellationToken cancellationToken) =>
        IsOne(id) && !id.Contains('.', StringComparison.Ordinal) && await history.TryFindAsync(tenant, id, cancellationToken).ConfigureAwait(false) is { } found
            ? found
            : throw new ApiException(ErrorCode.ResponseNotFound, $"There is no conversation '{id}'; it may have been deleted, or kept for as long as conversations are.", field);

    /// <summary>Reads all of one: its beginning, then its turns, oldest first.</summary>
    /// <exception cref="ApiException">There is none, or it is too long.</exception>
    public async ValueTask<IReadOnlyList<StoredResponse>> ReadAsync(string tenant, string id, string field, CancellationToken cancellationToken)
    {
        var begun = await FindAsync(tenant, id, field, cancellationToken).ConfigureAwait(false);
        var turns = await CountAsync(tenant, id, cancellationToken).ConfigureAwait(false);
        return turns == 0 ? [begun] : await history.Store.ReadChainAsync(tenant, RowOf(id, turns), Longest + 1, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What turns have said and were asked, as a request that goes on gets it.</summary>
    /// <param name="rows">The conversation.</param>
    /// <returns>Lists of items; the caller disposes them.</returns>
    /// <exception cref="ApiException">It has as many turns as may be.</exception>
    public static List<JsonDocument> Items(IReadOnlyList<StoredResponse> rows)
    {
        if (rows.Count > Longest)
        {
            throw ApiException.BadField("conversation", $"has {Longest} turns, which are the most.");
        }

        var lists = new List<JsonDocument>(2 * rows.Count);
        foreach (var row in rows)
        {
            lists.Add(JsonDocument.Parse(row.Input));
            if (row.PreviousId is not null)
            {
                lists.Add(JsonDocument.Parse(ResponseHistory.Output(row)));
            }
        }

        return lists;
    }

    /// <summary>Adds a turn.</summary>
    /// <param name="turn">The turn, as a response; its id is that of the response.</param>
    /// <param name="id">The conversation.</param>
    /// <param name="after">How many turns there were when it was asked.</param>
    /// <param name="cancellationToken">Cancels the write.</param>
    public async ValueTask AddAsync(StoredResponse turn, string id, int after, CancellationToken cancellationToken)
    {
        for (var number = after + 1; number <= Longest; number++)
        {
            var row = turn with { Id = RowOf(id, number), PreviousId = number == 1 ? id : RowOf(id, number - 1) };
            await history.KeepAsync(row, cancellationToken).ConfigureAwait(false);
            if (await history.Store.FindAsync(turn.Tenant, row.Id, cancellationToken).ConfigureAwait(false) is not { } kept || kept.Response.Span.SequenceEqual(turn.Response.Span))
            {
                return;
            }
        }
    }

    /// <summary>Deletes one with its turns; responses that were made in it stay.</summary>
    public async ValueTask DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await FindAsync(tenant, id, "id", cancellationToken).ConfigureAwait(false);
        await history.Store.DeleteAsync(tenant, id, cancellationToken).ConfigureAwait(false);
        var number = 1;
        while (await history.Store.DeleteAsync(tenant, RowOf(id, number), cancellationToken).ConfigureAwait(false))
        {
            number++;
        }
    }

    private static string RowOf(string id, int number) => string.Create(CultureInfo.InvariantCulture, $"{id}.{number}");

    /// <summary>How many turns there are: numbers have no gaps, so that doubling and halving finds the last.</summary>
    private async ValueTask<int> CountAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        async ValueTask<bool> HasAsync(int number) => await history.Store.FindAsync(tenant, RowOf(id, number), cancellationToken).ConfigureAwait(false) is not null;
        var (there, missing) = (0, 1);
        while (missing <= Longest && await HasAsync(missing).ConfigureAwait(false))
        {
            (there, missing) = (missing, 2 * missing);
        }

        missing = Math.Min(missing, Longest + 1);
        while (missing - there > 1)
        {
            var middle = (there + missing) / 2;
            (there, missing) = await HasAsync(middle).ConfigureAwait(false) ? (middle, missing) : (there, middle);
        }

        return there;
    }
}
