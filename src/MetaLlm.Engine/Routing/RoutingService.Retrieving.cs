using System.Text;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    /// <summary>What the arm's retriever knows about the question. A retriever is asked once a call, whichever arms are tried.</summary>
    /// <returns>UTF-8; empty for nothing.</returns>
    /// <exception cref="ChatProviderException">It failed, and the arm is not called without it.</exception>
    private async ValueTask<ReadOnlyMemory<byte>> RetrieveAsync(
        string tenant, DecisionRecord decision, string arm, ArmTarget target, ChatPayload payload, CallSettler settler, CancellationToken cancellationToken)
    {
        if (target.Retrieval is not { } retrieval)
        {
            return default;
        }

        if (settler.HasAnswered(retrieval.Name, out var known))
        {
            return known is not null ? Cut(known, retrieval.MostBytes) : Without(null);
        }

        var started = time.GetTimestamp();
        try
        {
            var query = new RetrievalQuery(tenant, LastQuestion.Of(payload.Body) ?? "", decision.Task, decision.DecisionId, arm);
            var text = Cut(Encoding.UTF8.GetBytes(await AskAsync(retrieval, query, cancellationToken).ConfigureAwait(false) ?? ""), retrieval.MostBytes);
            settler.Retrieved(retrieval, null, time.GetElapsedTime(started));
            if (payload.Screen is { } screen && text.Length > 0)
            {
                text = Cut(Encoding.UTF8.GetBytes(await screen(Encoding.UTF8.GetString(text), cancellationToken).ConfigureAwait(false)), retrieval.MostBytes);
            }

            settler.Uses(retrieval.Name, text);

            return text;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever an application's retriever throws, the call goes on as the configuration says.
        catch (Exception e)
#pragma warning restore CA1031
        {
            // One that took too long may have done its work all the same.
            if (e is (UnusableRetrievalException or OperationCanceledException) && !settler.HasAnswered(retrieval.Name, out _))
            {
                settler.Retrieved(retrieval, null, time.GetElapsedTime(started));
            }

            settler.Uses(retrieval.Name, null);

            if (_quiet.MaySay((tenant, retrieval.Name, e.GetType()), out var unsaid))
            {
                LogRetrievalFailed(logger, retrieval.Name, tenant, decision.DecisionId, arm, e.GetType().Name, unsaid);
            }

            return Without(e);
        }

        ReadOnlyMemory<byte> Without(Exception? cause) => retrieval.FailsOpen
            ? default
            : throw Noted(tenant, arm, null, decision, settler, new ChatProviderException(ChatFailure.Unprepared, $"Retriever '{retrieval.Name}' failed, without which arm '{arm}' is not called.", cause));
    }

    private async ValueTask<string?> AskAsync(ArmRetrieval retrieval, RetrievalQuery query, CancellationToken cancellationToken)
    {
        var retriever = retrievers?.Find(retrieval.Name) ?? throw new InvalidOperationException($"There is no retriever '{retrieval.Name}' in this process.");
        using var limit = new CancellationTokenSource(retrieval.Timeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        // One that does not listen to its token is left behind.
        return await retriever.RetrieveAsync(query, end.Token).AsTask().WaitAsync(end.Token).ConfigureAwait(false);
    }

    private static byte[] Cut(byte[] text, int most)
    {
        var length = WholeCharacters.Count(text, most);
        return length == text.Length ? text : text[..length];
    }
}
