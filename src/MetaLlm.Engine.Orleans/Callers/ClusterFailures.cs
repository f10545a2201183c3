using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Failures of the cluster between a caller and a grain, in the terms of the ports.</summary>
internal static class ClusterFailures
{
    /// <summary>Whether a call failed because the silo that ran it, or the way to it, did.</summary>
    public static bool IsClusterFailure(Exception error) => error is OrleansException or TimeoutException or EnumerationAbortedException;

    /// <summary>The failure as seen by a caller of a tenant's owner or of a worker other than the provider's.</summary>
    public static EngineUnavailableException Unavailable(Exception error) =>
        new($"The cluster cannot serve the call at the moment. {Reason(error)}", error);

    /// <summary>Awaits a call of a grain, and tells of a failure of the cluster as <see cref="Unavailable"/> has it.</summary>
    public static async ValueTask<T> TranslateAsync<T>(ValueTask<T> call)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception error) when (IsClusterFailure(error))
        {
            throw Unavailable(error);
        }
    }

    /// <summary>As above, for a call without an answer.</summary>
    public static async ValueTask TranslateAsync(ValueTask call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception error) when (IsClusterFailure(error))
        {
            throw Unavailable(error);
        }
    }

    /// <summary>The failure as seen by a caller who has no answer yet.</summary>
    public static ChatProviderException BeforeAnswer(Exception error) =>
        new(ChatFailure.Connection, "The silo that ran the call cannot be reached.", error);

    /// <summary>The failure as seen by a caller whose answer had begun.</summary>
    public static ChatProviderException AfterBeginning(Exception error) =>
        new(ChatFailure.Cut, "The silo that ran the call cannot be reached any more.", error);

    /// <summary>What happened, and why. Orleans writes the stack of the cause into the message of a storage's error, from its second line on.</summary>
    private static string Reason(Exception error)
    {
        var (first, cause) = (FirstLine(error), FirstLine(error.GetBaseException()));
        return first == cause ? first : $"{first} ({cause})";
    }

    private static string FirstLine(Exception error) => error.Message.Split('\n', 2)[0].Trim();
}
