using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>A call that the circuits of its model and of its key let pass. Whoever holds it says once how it ended; what is said later changes nothing.</summary>
internal sealed class ArmCall(CircuitCall model, CircuitCall key)
{
    /// <summary>A piece of the answer has arrived.</summary>
    public void Answering() => model.Answering();

    /// <summary>The answer is whole.</summary>
    public void Succeeded()
    {
        model.Succeeded();
        key.Succeeded();
    }

    /// <summary>The upstream failed, before or within its answer, or refused the request.</summary>
    public void Failed(ChatProviderException failure)
    {
        if (failure is { Failure: ChatFailure.Refused, UpstreamStatus: 401 })
        {
            // The key is refused, whatever the model.
            model.Answered();
            key.Failed(null);
            return;
        }

        if (SaysNothing(failure))
        {
            model.Answered();
        }
        else
        {
            model.Failed(failure.RetryAfter);
        }

        key.Released();
    }

    /// <summary>The client left before the answer was whole. That says nothing of the upstream, unless it has been silent for too long.</summary>
    public void Aborted()
    {
        model.Aborted();
        key.Released();
    }

    /// <summary>A refusal of one prompt says nothing of others. A model that is not there (404, 405, 410) is there for no prompt.</summary>
    private static bool SaysNothing(ChatProviderException failure) =>
        failure.Failure == ChatFailure.Objected || failure is { Failure: ChatFailure.Refused, UpstreamStatus: not (null or 404 or 405 or 410) };
}
