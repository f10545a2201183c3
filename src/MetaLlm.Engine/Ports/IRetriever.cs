namespace MetaLlm.Engine.Ports;

/// <summary>
/// Looks up what a model should know before it answers. An application registers its own under the name that the configuration has:
/// <c>services.AddKeyedSingleton&lt;IRetriever, MyRetriever&gt;("knowledge")</c>. It is asked where the arm that was chosen retrieves, and in no other call.
/// </summary>
/// <remarks>Implementations are safe for concurrent use. What belongs to one tenant must never be given to another: the query names the tenant.</remarks>
public interface IRetriever
{
    /// <summary>Finds text for a query.</summary>
    /// <param name="query">Who asks, and what.</param>
    /// <param name="cancellationToken">Ends the search; it is cancelled when the time limit passes.</param>
    /// <returns>Text that is put before the question as it is; null or empty where there is nothing to say.</returns>
    /// <exception cref="UnusableRetrievalException">There is an answer, which is paid, and it cannot be used. Any other exception is a failure that costs nothing.</exception>
    ValueTask<string?> RetrieveAsync(RetrievalQuery query, CancellationToken cancellationToken);
}
